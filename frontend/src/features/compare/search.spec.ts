import { describe, expect, it } from "vitest";
import {
  type CompareSearch,
  changed,
  hasFilters,
  readCompareSearch,
  selectionKey,
  selectionOf,
  swapped,
  withoutFilters,
} from "./search";

const source = "0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e23";
const target = "0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22";
const run = "0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e99";

const read = (search: Record<string, unknown>) =>
  readCompareSearch(search, (value) => value as string | undefined);
const defined = (search: CompareSearch) => JSON.parse(JSON.stringify(search));

describe("the address of a comparison", () => {
  it("is empty for an empty address", () => {
    expect(defined(read({}))).toEqual({});
  });

  it("keeps everything of the contract", () => {
    const full = {
      source,
      target,
      types: "intents,role_definitions",
      q: "baseline",
      keys: "a:1,b:2",
      match: "ignore_version_suffix",
      assignments: "exclude",
      tab: "attention",
      run,
      return: "/admin/tenants?q=x",
    };
    expect(defined(read(full))).toEqual(full);
    expect(read(defined(read(full)))).toEqual(read(full));
  });

  it("leaves out defaults and sorts lists, each member once", () => {
    expect(
      defined(
        read({ match: "exact_name", assignments: "include", types: "b,a,b,", keys: ["z", "y"], tab: "all" }),
      ),
    ).toEqual({ types: "a,b", keys: "y,z" });
  });

  it("reads a number as the name it is", () => {
    expect(read({ q: 42 }).q).toBe("42");
  });

  it("drops ids that are none, and knows capital ones", () => {
    expect(defined(read({ source: "x", target: target.toUpperCase(), run: 7 }))).toEqual({ target });
  });

  it("never drops a type it does not know: that would compare more than was asked for", () => {
    expect(read({ types: "no_such_type" }).types).toBe("no_such_type");
  });

  it("asks for what may be returned to", () => {
    expect(readCompareSearch({ return: "//elsewhere.example" }, () => undefined).return).toBeUndefined();
  });
});

describe("the selection", () => {
  it("needs both sides", () => {
    expect(selectionOf({ source })).toBeUndefined();
    expect(selectionOf({ target })).toBeUndefined();
  });

  it("has the defaults of the contract", () => {
    expect(selectionOf({ source, target })).toEqual({
      source_tenant_id: source,
      target_tenant_id: target,
      policy_types: [],
      q: "",
      subject_keys: [],
      match_rule: "exact_name",
      assignments: "include",
    });
  });

  it.each<[string, Partial<CompareSearch>]>([
    ["the source", { source: run }],
    ["the target", { target: run }],
    ["the types", { types: "intents" }],
    ["the name", { q: "x" }],
    ["the keys", { keys: "a:1" }],
    ["the match rule", { match: "ignore_version_suffix" }],
    ["the assignments", { assignments: "exclude" }],
  ])("is another one when %s changes", (_, change) => {
    const before = selectionOf({ source, target });
    const after = selectionOf({ source, target, ...change });
    expect(before && after && selectionKey(before) !== selectionKey(after)).toBe(true);
  });

  it.each<[string, Partial<CompareSearch>]>([
    ["the tab", { tab: "aligned" }],
    ["the run", { run }],
    ["the way back", { return: "/admin/tenants" }],
  ])("stays the same when %s changes", (_, change) => {
    expect(selectionOf({ source, target, ...change })).toEqual(selectionOf({ source, target }));
  });

  it("forgets the run of the selection before, and keeps the way back", () => {
    const search: CompareSearch = { source, target, run, return: "/admin/tenants?q=x" };
    expect(defined(changed(search, { q: "x" }))).toEqual({
      source,
      target,
      q: "x",
      return: "/admin/tenants?q=x",
    });
  });

  it("can be turned round", () => {
    expect(defined(swapped({ source, target, types: "intents" }))).toEqual({
      source: target,
      target: source,
      types: "intents",
    });
  });

  it("can be widened again", () => {
    const search: CompareSearch = {
      source,
      target,
      types: "intents",
      q: "x",
      keys: "a:1",
      assignments: "exclude",
    };
    expect(hasFilters(search)).toBe(true);
    expect(defined(withoutFilters(search))).toEqual({ source, target, assignments: "exclude" });
    expect(hasFilters(withoutFilters(search))).toBe(false);
  });
});
