import { expect, type Locator, type Page } from "@playwright/test";
import { demoAccounts, demoPassword } from "@/db/seed/demo-accounts.ts";
import { test } from "../../support/browser/e2e.ts";
import { commentWith, expectState, expectWritten } from "../steps/steps.ts";

/** More than the number of focusable elements of any page. */
const mostSteps = 200;

/** Presses Tab until the target has the focus. */
async function tabTo(page: Page, target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  await expect(target).toBeVisible();
  for (let step = 0; step < mostSteps; step += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${target} was not reached by pressing ${key} ${mostSteps} times.`);
}

test("a member can do everything by keyboard alone", async ({ page }) => {
  test.slow(); // some hundred key presses
  await page.goto("/");
  await tabTo(page, page.getByRole("banner").getByRole("link", { name: "Sign in" }));
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByLabel("E-mail"));
  await page.keyboard.type(demoAccounts[0]?.email ?? "");
  await tabTo(page, page.getByLabel("Password", { exact: true }));
  await page.keyboard.type(demoPassword);
  await page.keyboard.press("Enter");
  const bell = page.getByRole("link", { name: /^Notifications/ });
  await expect(bell).toBeVisible();

  const title = page.getByRole("article").first().getByRole("heading").getByRole("link");
  const name = await title.textContent();
  await tabTo(page, title);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: name ?? "" })).toBeVisible();
  await expectState(page, "live");

  const reaction = page
    .getByRole("group", { name: "Reactions" })
    .getByRole("button", { pressed: false })
    .first();
  const label = ((await reaction.textContent()) ?? "").split(",")[0] ?? "";
  await tabTo(page, reaction);
  await page.keyboard.press("Space");
  const given = page.getByRole("button", { name: label, pressed: true });
  await expect(given).toBeVisible();
  await expect(given).toBeFocused();

  const keep = page.getByRole("button", { name: /this page$/ });
  const wasKept = await keep.getAttribute("aria-pressed");
  await tabTo(page, keep);
  await page.keyboard.press("Enter");
  await expect(keep).not.toHaveAttribute("aria-pressed", wasKept ?? "");

  const said = `Without a mouse ${Date.now()}`;
  await tabTo(page, page.getByLabel("Add a comment"));
  await page.keyboard.type(said);
  await tabTo(page, page.getByRole("button", { name: "Post comment" }));
  await page.keyboard.press("Enter");
  await expectWritten(commentWith(page, said));

  await tabTo(page, bell, "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Notifications" })).toBeVisible();

  await tabTo(page, page.getByRole("button", { name: "Your account" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menu")).toBeVisible();
  await page.keyboard.press("End");
  await expect(page.getByRole("menuitem", { name: "Sign out" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("banner").getByRole("link", { name: "Sign in" })).toBeVisible();
});
