import { expect, test } from "@playwright/test";
import { complaints, expectAccessible, signIn } from "./pages";
import { product } from "./server";

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme });

    test("an operator signs in, finds a tenant and opens it", async ({ page }) => {
      const heard = complaints(page);
      await page.goto(`${product().url}/`);
      await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
      await expectAccessible(page);

      await signIn(page);
      await expect(page).toHaveTitle("Tenants - TenantAtlas");
      const table = page.getByRole("table", { name: "Tenants" });
      await expect(table.getByRole("link", { name: "Harbour & Sons" })).toBeVisible();
      await expect(table.getByText("Connection failed")).toBeVisible();
      await expectAccessible(page);

      await page.getByRole("searchbox", { name: "Search by name or directory" }).fill("baseline");
      await expect(page).toHaveURL(/q=baseline/);
      await expect(table.getByRole("row")).toHaveCount(2);
      await table.getByRole("link", { name: "Nordwind Baseline" }).click();
      await expect(page.getByRole("heading", { name: "Nordwind Baseline", level: 1 })).toBeVisible();
      await expect(page.getByRole("region", { name: "Latest inventory sync" })).toContainText(
        "Inventory sync",
      );
      await expectAccessible(page);

      for (const tab of ["Connection", "Inventory", "Members"]) {
        await page.getByRole("tab", { name: tab }).click();
        await expect(page.getByRole("tabpanel", { name: tab })).toBeVisible();
        await expect(page.getByRole("tabpanel").locator("[aria-busy=true]")).toHaveCount(0);
        await expectAccessible(page);
      }
      expect(heard).toEqual([]);
    });
  });
}

test("two tenants are chosen by keyboard and handed to the comparison", async ({ page }) => {
  await signIn(page);
  const compare = page.getByRole("button", { name: "Compare", exact: true });
  await expect(compare).toHaveAttribute("aria-disabled", "true");
  for (const name of ["Nordwind Baseline", "Lindqvist Café Group"]) {
    await page.getByRole("checkbox", { name: `Select ${name}` }).focus();
    await page.keyboard.press("Space");
  }
  await compare.focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/cross-tenant-compare\?.*source=.*target=/);
});

test("a sync is followed live", async ({ page }) => {
  await signIn(page);
  await page.getByRole("link", { name: "Nordwind Baseline" }).click();
  await page.getByRole("button", { name: "Sync now" }).click();
  await expect(page.getByTestId("announcer")).toContainText(/Inventory sync/);
  await expect(page.getByTestId("announcer")).toContainText("Inventory sync: Succeeded.", {
    timeout: 45_000,
  });
  await expect(page.getByRole("region", { name: "Latest inventory sync" })).toContainText("just now");
});

test("narrow screens scroll in one direction only", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await signIn(page);
  await expect(page.getByRole("table", { name: "Tenants" })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await expectAccessible(page);
});
