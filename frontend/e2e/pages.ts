import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { product } from "./server";

/** Signs in as one of the demo people: "olivia.owner", "rosa.readonly", … */
export async function signIn(page: Page, person = "olivia.owner", address = "/admin/tenants"): Promise<void> {
  const { url, password } = product();
  await page.goto(url + address);
  await page.getByLabel("Email").fill(`${person}@nordwind.example`);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
}

/** WCAG 2.2 AA as far as a program can tell; Fluent's focus sentinels are no content. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .exclude("[data-tabster-dummy]")
    .analyze();
  expect(
    violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(" | ")}`,
    ),
  ).toEqual([]);
}

/** Gathers what the browser complains about: refused content, broken scripts. */
export function complaints(page: Page): string[] {
  const heard: string[] = [];
  page.on("pageerror", (error) => heard.push(error.message));
  page.on("console", (message) => {
    // A refused request is an answer that specs look at themselves.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      heard.push(message.text());
  });
  return heard;
}
