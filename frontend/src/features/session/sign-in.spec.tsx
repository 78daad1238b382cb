import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { problem } from "@/testing/network";
import { renderRoute } from "@/testing/render";
import { me } from "@/testing/samples";

async function fill(user: ReturnType<typeof renderRoute>["user"]) {
  await user.type(await screen.findByLabelText(/Email/), "olivia@nordwind.example");
  await user.type(screen.getByLabelText(/Password/), "secret");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
}

describe("signing in", () => {
  it("is asked for first, and leads back to where one wanted to go", async () => {
    let signedIn = false;
    const { user, router } = renderRoute("/admin/tenants?q=harbour", {
      "GET /api/v1/me": () => (signedIn ? me() : problem(401, "unauthenticated")()),
      "POST /api/v1/session": () => {
        signedIn = true;
        return { user: me().user, expires_at: "2026-11-25T09:00:00Z" };
      },
      "GET /api/v1/workspaces/:w/tenants": { items: [], next_cursor: null },
    });
    await fill(user);
    expect(await screen.findByRole("heading", { name: "Tenants", level: 1 })).toBeVisible();
    expect(router.state.location.search).toMatchObject({ q: "harbour" });
  });

  it("refuses without telling whether the account exists", async () => {
    const { user } = renderRoute("/sign-in", { "POST /api/v1/session": problem(401, "unauthenticated") });
    await fill(user);
    expect(await screen.findByRole("alert")).toHaveTextContent("Email or password is not correct.");
    await waitFor(() => expect(screen.getByLabelText(/Password/)).toHaveValue(""));
    expect(screen.getByLabelText(/Email/)).toHaveValue("olivia@nordwind.example");
  });

  it("says when there are too many tries", async () => {
    const { user } = renderRoute("/sign-in", { "POST /api/v1/session": problem(429, "rate_limited") });
    await fill(user);
    expect(await screen.findByText("Too many requests")).toBeVisible();
  });
});
