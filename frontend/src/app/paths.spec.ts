import { describe, expect, it } from "vitest";
import { safeReturn } from "./paths";

describe("a return path", () => {
  it.each(["/admin/tenants", "/admin/tenants?q=a&health=failed"])("%s stays", (path) =>
    expect(safeReturn(path)).toBe(path),
  );

  it.each([
    "//evil.example",
    "https://evil.example/",
    "/\\evil.example",
    "javascript:alert(1)",
    "",
    7,
    undefined,
  ])("%s is dropped", (path) => expect(safeReturn(path)).toBeUndefined());
});
