import { describe, expect, it } from "vitest";
import { fieldError, problemTexts, textOf, toProblem, unreachable } from "./problem";

describe("a problem", () => {
  it("has a title and a next step for every code", () => {
    for (const [code, { title, next }] of Object.entries(problemTexts)) {
      expect(title, code).toMatch(/^[A-Z].*[^.]$/);
      expect(next, code).toMatch(/^[A-Z].*\.$/);
    }
  });

  it("of a code that this build does not know keeps the server's title", () => {
    const unknown = { ...unreachable(), code: "brand_new" as never, title: "Something new" };
    expect(textOf(unknown).title).toBe("Something new");
  });

  it("is made of anything that was thrown", () => {
    expect(toProblem(new TypeError("x")).code).toBe("internal");
    expect(toProblem(undefined).code).toBe("internal");
    expect(toProblem(unreachable()).code).toBe("unreachable");
  });

  it("gives a field its sentence", () => {
    const refused = {
      ...unreachable(),
      status: 422,
      errors: [{ location: "body.credential.secret", message: "expected length >= 1" }],
    };
    expect(fieldError(refused, "credential.secret")).toBe("expected length >= 1");
    expect(fieldError(refused, "client_id")).toBeUndefined();
    expect(fieldError(null, "client_id")).toBeUndefined();
  });
});
