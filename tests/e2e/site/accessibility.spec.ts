import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import { ask } from "../evidence/analyst-steps.ts";
import { messages, send } from "../evidence/desk-story.ts";
import { findPage, pages } from "../steps/pages.ts";
import { articlePath, comment, expectWritten, openAs, openLive } from "../steps/steps.ts";

const looks = [
  { colorScheme: "light", viewport: { width: 1280, height: 900 } },
  { colorScheme: "dark", viewport: { width: 360, height: 740 } },
] as const;

const desk = "publications/[slug]/(team)/desk";
const asking = "publications/[slug]/(team)/ask";
const question = "What was the average delay?";

async function violations(page: Page): Promise<readonly string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    .setLegacyMode() // without it, each check opens a tab, for pages with frames of other sites
    .options({ resultTypes: ["violations"] })
    .analyze();
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}

async function overflow(page: Page): Promise<number> {
  return page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
}

/** Checks that long words in its text areas do not make the page scroll sideways. */
async function expectNarrow(page: Page, what: string): Promise<void> {
  await page.evaluate(() => {
    for (const area of document.querySelectorAll("textarea")) area.value = "a".repeat(5_000);
  });
  expect(await overflow(page), `${what} with long words`).toBe(0);
}

/** Checks what the page shows now, in each of the looks. */
async function expectClean(page: Page, what: string): Promise<void> {
  for (const { colorScheme, viewport } of looks) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(viewport);
    const shown = `${what} (${colorScheme}, ${viewport.width} px)`;
    expect(await violations(page), shown).toEqual([]);
    expect(await overflow(page), shown).toBe(0);
  }
}

test("each page of the site is checked with a role", () => {
  const app = join(import.meta.dirname, "..", "..", "..", "app");
  const routes = readdirSync(app, { recursive: true, encoding: "utf8" })
    .filter((name) => /(^|\/)page\.tsx$/.test(name))
    .map((name) => dirname(name).replace(/^\.$/, ""));
  const seen = Object.values(pages).flatMap((each) => Object.keys(each));
  expect(routes.length).toBeGreaterThan(0);
  expect(routes.filter((route) => !seen.includes(route))).toEqual([]);
});

/** Makes a signal, messages with an answer on the desk, and an answer on the page Ask, which its pages then show. */
async function writeAsAdmin(page: Page): Promise<void> {
  await openLive(page, articlePath);
  await expectWritten(await comment(page, `Looked at ${Date.now()}`));
  const { [desk]: deskPath, [asking]: askPath } = pages.admin;
  await openLive(page, String(deskPath));
  await send(page, "Good morning, desk.");
  await send(page, question, true);
  await expect(messages(page)).toContainText("[OBS-0005]");
  await openLive(page, String(askPath));
  await expect(await ask(page, question)).toContainText("[OBS-0005]");
}

/** For all pages of a role, also on a slow machine. */
const allPagesMs = 400_000;

test("no page has a serious violation or scrolls sideways, signed out", async ({ browser }) => {
  test.setTimeout(allPagesMs);
  const page = await (await browser.newContext()).newPage();
  for (const path of Object.values(pages.nobody)) {
    await page.goto(String(path));
    await expect(page.getByRole("heading", { level: 1 })).toBeAttached();
    await expectClean(page, String(path));
  }
});

for (const role of ["reader", "author", "admin"] as const) {
  test(`no page has a serious violation or scrolls sideways, as ${role}`, async ({ browser }) => {
    test.setTimeout(allPagesMs);
    const page = await openAs(browser, role);
    if (role === "admin") await writeAsAdmin(page);
    for (const [route, way] of Object.entries(pages[role])) {
      await openLive(page, await findPage(page, way, role));
      await expect(page.getByRole("heading", { level: 1 })).toBeAttached();
      await expect(page.locator("main [aria-busy=true]")).toHaveCount(0);
      if (route === desk) await expect(messages(page)).toContainText("[OBS-0005]");
      if (route === asking) await expect(page.getByRole("list", { name: "Answers" })).toBeVisible();
      await expectClean(page, route);
      await expectNarrow(page, route);
    }
  });
}

test("dialogs and the list of shortcuts have no serious violation", async ({ browser }) => {
  test.setTimeout(120_000);
  const page = await openAs(browser, "author");
  await openLive(page, articlePath);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectClean(page, "the shortcuts");
  await page.keyboard.press("Escape");
  await page
    .getByRole("button", { name: /^Delete/ })
    .first()
    .click();
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await expectClean(page, "the dialog");
});

test("the sheet that edits a channel has no serious violation", async ({ browser }) => {
  const page = await openAs(browser, "admin");
  await openLive(page, "/admin/channels");
  await page.getByRole("button", { name: "Edit tag" }).click();
  await expect(page.getByRole("dialog", { name: "Edit tag" })).toBeVisible();
  await expectClean(page, "the sheet");
});

test("with prefers-reduced-motion there is no visible motion", async ({ browser }) => {
  const page = await openAs(browser, "author");
  await page.emulateMedia({ reducedMotion: "reduce" });
  const longest = () =>
    page.evaluate(() =>
      Math.max(
        ...[...document.querySelectorAll("*")].flatMap((element) =>
          ["", "::before", "::after"].flatMap((part) => {
            const style = getComputedStyle(element, part || null);
            return `${style.animationDuration},${style.transitionDuration}`
              .split(",")
              .map(Number.parseFloat);
          }),
        ),
      ),
    );
  for (const path of [articlePath, "/dashboard", "/notifications"]) {
    await openLive(page, path);
    expect(await longest(), path).toBeLessThanOrEqual(0.001);
  }
  await page.emulateMedia({ reducedMotion: "no-preference" });
  expect(await longest()).toBeGreaterThan(0.001);
});

test("a comment can be written, replied to and deleted by keyboard alone", async ({ browser }) => {
  const page = await openAs(browser, "reader");
  await openLive(page, articlePath);
  const said = `By keyboard ${Date.now()}`;
  await page.getByLabel("Add a comment").focus();
  await page.keyboard.type(said);
  await page.keyboard.press("Control+Enter");
  const own = page.getByRole("article").filter({ hasText: said });
  await expect(own).toBeVisible();
  await own.getByRole("button", { name: /^Delete/ }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("alertdialog");
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(own).toHaveCount(0);
});
