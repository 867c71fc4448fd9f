import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { demoInvitationId } from "@/db/seed/publication-rows.ts";
import { test } from "../support/e2e.ts";
import { articlePath, comment, expectWritten, openAs, openLive, type Role } from "./steps.ts";

const looks = [
  { colorScheme: "light", viewport: { width: 1280, height: 900 } },
  { colorScheme: "dark", viewport: { width: 360, height: 740 } },
] as const;

/** A URL, or the page that contains a link to it. */
type Way = string | { readonly on: string; readonly href: RegExp };

const margin = "/publications/the-margin";

/** Every page of the site, by its folder in `app`, with the role that visits it. */
const pages: Readonly<Record<Role | "nobody", Readonly<Record<string, Way>>>> = {
  nobody: {
    "": "/",
    "articles/[slug]": articlePath,
    "tags/[slug]": "/tags/postgres",
    "people/[handle]": "/people/maren",
    gists: "/gists",
    publications: "/publications",
    "publications/[slug]": margin,
    "publications/[slug]/evidence": `${margin}/evidence`,
    "publications/[slug]/evidence/[ref]": `${margin}/evidence/OBS-0001`,
    "sign-in": "/sign-in",
    "sign-up": "/sign-up",
    "not-found": "/no",
  },
  reader: {
    "": "/",
    notifications: "/notifications",
    bookmarks: "/bookmarks",
    settings: "/settings",
    "settings/sessions": "/settings/sessions",
    "invitations/[id]": `/invitations/${demoInvitationId}`,
  },
  author: {
    "articles/[slug]": articlePath,
    dashboard: "/dashboard",
    write: "/write",
    "write/import": "/write/import",
    "write/[id]": { on: "/dashboard", href: /^\/write\/./ },
    gists: "/gists?show=yours",
    "gists/new": "/gists/new",
    "gists/[id]": { on: "/gists?show=yours", href: /^\/gists\/(?!new)[\w-]+$/ },
    "gists/[id]/edit": { on: "gists/[id]", href: /\/edit$/ },
    "publications/[slug]": margin,
    "publications/[slug]/(team)/submit": `${margin}/submit`,
  },
  admin: {
    admin: "/admin",
    "admin/channels": "/admin/channels",
    "admin/access": "/admin/access",
    "admin/signals": "/admin/signals",
    "admin/signals/trace": { on: "/admin/signals", href: /^\/admin\/signals\/trace/ },
    "admin/people": "/admin/people",
    "admin/announcements": "/admin/announcements",
    "admin/keys": "/admin/keys",
    "admin/audit": "/admin/audit",
    "publications/new": "/publications/new",
    "publications/[slug]/(team)/work": `${margin}/work?show=all`,
    "publications/[slug]/(team)/work/[id]": {
      on: `${margin}/work?show=all`,
      href: /\/work\/[\w-]+$/,
    },
    "publications/[slug]/(team)/evidence/add": `${margin}/evidence/add`,
    "publications/[slug]/(team)/members": `${margin}/members`,
    "publications/[slug]/(team)/roles": `${margin}/roles`,
    "publications/[slug]/(team)/invitations": `${margin}/invitations`,
    "publications/[slug]/(team)/settings": `${margin}/settings`,
  },
};

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

/** Follows a link to its URL. */
async function find(page: Page, way: Way, role: Role): Promise<string> {
  if (typeof way === "string") return way;
  const { on, href } = way;
  await page.goto(on.startsWith("/") ? on : await find(page, pages[role][on] ?? on, role));
  const found = () =>
    page
      .locator("main a[href]")
      .evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
  await expect.poll(found).toContainEqual(expect.stringMatching(href));
  return (await found()).find((each) => href.test(each)) ?? "";
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
  const app = join(import.meta.dirname, "..", "..", "app");
  const routes = readdirSync(app, { recursive: true, encoding: "utf8" })
    .filter((name) => /(^|\/)page\.tsx$/.test(name))
    .map((name) => dirname(name).replace(/^\.$/, ""));
  const seen = Object.values(pages).flatMap((each) => Object.keys(each));
  expect(routes.length).toBeGreaterThan(0);
  expect(routes.filter((route) => !seen.includes(route))).toEqual([]);
});

test("no page has a serious violation or scrolls sideways, signed out", async ({ browser }) => {
  test.setTimeout(180_000);
  const page = await (await browser.newContext()).newPage();
  for (const path of Object.values(pages.nobody)) {
    await page.goto(String(path));
    await expect(page.getByRole("heading", { level: 1 })).toBeAttached();
    await expectClean(page, String(path));
  }
});

for (const role of ["reader", "author", "admin"] as const) {
  test(`no page has a serious violation or scrolls sideways, as ${role}`, async ({ browser }) => {
    test.setTimeout(180_000);
    const page = await openAs(browser, role);
    if (role === "admin") {
      await openLive(page, articlePath); // a signal to show
      await expectWritten(await comment(page, `Looked at ${Date.now()}`));
    }
    for (const [route, way] of Object.entries(pages[role])) {
      await openLive(page, await find(page, way, role));
      await expect(page.getByRole("heading", { level: 1 })).toBeAttached();
      await expect(page.locator("main [aria-busy=true]")).toHaveCount(0);
      await expectClean(page, route);
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
