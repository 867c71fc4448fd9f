import { randomUUID } from "node:crypto";
import AxeBuilder from "@axe-core/playwright";
import { type Browser, type BrowserContext, expect, type Page } from "@playwright/test";
import { test } from "../../support/browser/e2e.ts";
import {
  articlePath,
  comment,
  commentWith,
  expectArrived,
  expectSameDocument,
  expectWritten,
  markDocument,
  onAction,
  openAs,
  openLive,
  type Role,
  signIn,
  signUp,
} from "../steps/steps.ts";

const statusOf = (page: Page) => page.locator("[data-page-status]");
const expectStatus = (page: Page, kind: string) =>
  expect(statusOf(page)).toHaveAttribute("data-page-status", kind, { timeout: 15_000 });

/** A browser with a session that no other test uses. */
const openBrowser = async (browser: Browser, role: Role): Promise<BrowserContext> =>
  browser.newContext({ storageState: await signIn(browser, role) });

/** Replaces the session by one of another account, without a message to its pages. */
async function swapSession(browser: Browser, context: BrowserContext, role: Role): Promise<void> {
  const { cookies } = await signIn(browser, role);
  await context.addCookies(cookies.filter(({ name }) => name.endsWith("inkwell.session")));
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Your account" }).click();
  await page.getByText("Sign out", { exact: true }).click();
}

async function expectNoActions(page: Page): Promise<void> {
  for (const name of [
    /^Edit your/,
    /^Delete/,
    /^Reply/,
    /^Saved? this page/,
    /^Follow/,
    "Post comment",
  ]) {
    await expect(page.getByRole("button", { name })).toHaveCount(0);
  }
}

/** Two live tabs of one browser, on the same article. */
async function openTwoTabs(context: BrowserContext): Promise<readonly [Page, Page]> {
  const tabs = [await context.newPage(), await context.newPage()] as const;
  for (const page of tabs) await openLive(page, articlePath);
  return tabs;
}

test("a device signed out from another one shows it in every tab, keeps typed text and offers no action", async ({
  browser,
}) => {
  const context = await openBrowser(browser, "reader");
  const [first, second] = await openTwoTabs(context);
  const body = `Signed out ${randomUUID()}`;
  await expectWritten(await comment(first, body));
  await expectArrived(second, body);
  await expect(commentWith(first, body).getByRole("button", { name: /^Edit/ })).toBeVisible();
  const field = first.getByLabel("Add a comment");
  await field.fill("Not sent yet");
  await markDocument(first);

  const elsewhere = await (await openBrowser(browser, "reader")).newPage();
  await elsewhere.goto("/settings/sessions");
  await elsewhere.getByRole("button", { name: "Sign out everywhere else" }).click();
  await elsewhere.getByRole("alertdialog").getByRole("button", { name: "Sign out" }).click();

  for (const page of [first, second]) {
    await expectStatus(page, "signed-out");
    await expect(page.getByText("You are signed out.")).toBeVisible();
    await expectNoActions(page);
  }
  await expectSameDocument(first);
  await expect(field).toHaveValue("Not sent yet");
  await expect(field).toBeFocused();
  const { violations } = await new AxeBuilder({ page: first }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await first.getByRole("link", { name: "Sign in", exact: true }).first().click();
  await expect(first).toHaveURL(/\/sign-in\?next=%2Farticles/);
});

test("a banned person sees the ban, not only a sign-out, and other visitors do not", async ({
  browser,
}) => {
  const { handle, page } = await signUp(browser, articlePath);
  await expect(page.getByLabel("Add a comment")).toBeVisible();

  const admin = await openAs(browser, "admin");
  await admin.goto(`/admin/people?search=${handle}`);
  await admin.getByRole("button", { name: "Ban A visitor" }).click();
  await admin.getByLabel(/^Why is/).fill("Trying it out");
  await admin.getByRole("button", { name: "Ban", exact: true }).click();

  await expectStatus(page, "banned");
  await expect(page.getByText("An admin banned this account")).toBeVisible();
  await expectNoActions(page);
  const visitor = await browser.newContext();
  const answer = await visitor.request.get("/api/viewer", { headers: { "x-page-viewer": "" } });
  expect(await answer.json()).toMatchObject({ viewerId: null, isBanned: false });
});

test("after another person signs in in another tab, the page shows the new account and refuses actions", async ({
  browser,
}) => {
  const context = await openBrowser(browser, "reader");
  const [first, second] = await openTwoTabs(context);
  await signOut(second);
  await expectStatus(first, "signed-out");
  await swapSession(browser, context, "author");
  await second.goto(articlePath);
  await expectStatus(first, "other-viewer");
  await expect(first.getByText(/^You are now signed in as /)).toBeVisible();
  await expectNoActions(first);
  await first.getByRole("link", { name: /^Reload as / }).click();
  await expectStatus(first, "current");
  await expect(first.getByLabel("Add a comment")).toBeVisible();
});

test("a page goes on by itself when the same person signs in again in another tab, and keeps typed text", async ({
  browser,
}) => {
  const context = await openBrowser(browser, "reader");
  const [first, second] = await openTwoTabs(context);
  const field = first.getByLabel("Add a comment");
  await field.fill("Not sent yet");
  await markDocument(first);
  await signOut(second);
  await expectStatus(first, "signed-out");
  await swapSession(browser, context, "reader");
  await second.goto(articlePath);
  await expectStatus(first, "current");
  await expect(first.locator("[data-state-name]")).toHaveAttribute("data-state-name", "live");
  await expectSameDocument(first);
  await expect(field).toHaveValue("Not sent yet");
  const body = `After the second sign-in ${randomUUID()}`;
  await expectWritten(await comment(second, body));
  await expectArrived(first, body);
});

test("an action of a page is refused when the cookie is another person's, keeps the text and shows it in every tab", async ({
  browser,
}) => {
  const context = await openBrowser(browser, "reader");
  const [first, second] = await openTwoTabs(context);
  const body = `Whose is this ${randomUUID()}`;
  await first.getByLabel("Add a comment").fill(body);
  await swapSession(browser, context, "author");
  await first.getByRole("button", { name: "Post comment" }).click();
  for (const page of [first, second]) await expectStatus(page, "other-viewer");
  await expect(first.getByText(/Another account is now signed in/)).toBeVisible();
  await expect(first.getByLabel("Add a comment")).toHaveValue(body);
  const other = await openAs(browser, "admin");
  await other.goto(articlePath);
  await expect(commentWith(other, body)).toHaveCount(0);
});

test("reads of a page are refused with another person's cookie, and answered with its own", async ({
  browser,
}) => {
  const context = await openBrowser(browser, "reader");
  const page = await context.newPage();
  await page.goto(articlePath);
  const viewer = await page.evaluate(() => document.documentElement.dataset.viewer ?? "");
  const status = async (path: string, madeFor: string) =>
    (await context.request.get(path, { headers: { "x-page-viewer": madeFor } })).status();
  const paths = [
    "/api/notifications/unread-count",
    "/api/notifications?filter=all",
    "/api/sessions",
  ];
  for (const path of paths) {
    expect([path, await status(path, viewer)]).toEqual([path, 200]);
    expect([path, await status(path, randomUUID())]).toEqual([path, 409]);
    expect([path, await status(path, "")]).toEqual([path, 409]);
  }
  await context.clearCookies();
  for (const path of paths) expect([path, await status(path, viewer)]).toEqual([path, 401]);
});

test("a page whose action is unknown to the server shows that Inkwell was updated, and keeps the text over a reload", async ({
  browser,
}) => {
  const page = await openAs(browser, "reader");
  await openLive(page, articlePath);
  // As from an earlier release: the request contains an action that the server does not have.
  await onAction(page, (route) =>
    route.continue({
      headers: { ...route.request().headers(), "next-action": "7f".padEnd(42, "0") },
    }),
  );
  const body = `Of a former release ${randomUUID()}`;
  await page.getByLabel("Add a comment").fill(body);
  await page.getByRole("button", { name: "Post comment" }).click();
  await expectStatus(page, "outdated");
  await expect(page.getByText("Inkwell was updated. Your drafts are kept.")).toBeVisible();
  await expect(page.getByLabel("Add a comment")).toHaveValue(body);
  await page.unrouteAll();
  await page.getByRole("link", { name: "Reload", exact: true }).click();
  await expectStatus(page, "current");
  await expect(page.getByLabel("Add a comment")).toHaveValue(body);
  await page.getByRole("button", { name: "Post comment" }).click();
  await expectWritten(commentWith(page, body));
});

test("S3.12 a deleted comment with replies stays as a tombstone in open pages until its last reply is deleted", async ({
  browser,
}) => {
  const [reader, author] = [await openAs(browser, "reader"), await openAs(browser, "author")];
  for (const page of [reader, author]) await openLive(page, articlePath);
  const mark = randomUUID();
  const own = await comment(reader, `To be deleted ${mark}`);
  await expectWritten(own);
  await expectArrived(author, `To be deleted ${mark}`);
  await commentWith(author, `To be deleted ${mark}`)
    .getByRole("button", { name: /^Reply/ })
    .click();
  await author.getByRole("textbox", { name: /^Reply to / }).fill(`Stays in place ${mark}`);
  await author.getByRole("button", { name: "Reply", exact: true }).click();
  await expectWritten(commentWith(author, `Stays in place ${mark}`));
  await expectArrived(reader, `Stays in place ${mark}`);

  await own.getByRole("button", { name: /^Delete/ }).click();
  await reader.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  for (const page of [reader, author]) {
    await expect(commentWith(page, `To be deleted ${mark}`)).toHaveCount(0);
    await expect(commentWith(page, `Stays in place ${mark}`)).toBeVisible();
    await expect(page.getByText("This comment was deleted.")).toHaveCount(1);
  }
  await commentWith(author, `Stays in place ${mark}`)
    .getByRole("button", { name: /^Delete/ })
    .click();
  await author.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  for (const page of [reader, author]) {
    await expect(page.getByText("This comment was deleted.")).toHaveCount(0);
  }
});

test("Back after a sign-out shows no notifications of the person who left, and no count in the title", async ({
  browser,
}) => {
  const reader = await openAs(browser, "reader");
  await openLive(reader, articlePath);
  await expectWritten(await comment(reader, `For the bell of the author ${randomUUID()}`));
  const page = await (await openBrowser(browser, "author")).newPage();
  await openLive(page, "/notifications");
  await expect(page).toHaveTitle(/^\(\d+\) Notifications · Inkwell$/);
  const rows = page.locator("main ol > li");
  await expect(rows.first()).toBeVisible();
  await signOut(page);
  await expect(page).toHaveURL("/");
  await expect(page).not.toHaveTitle(/^\(/);
  await page.goBack();
  await expect(page.getByLabel("E-mail")).toBeVisible();
  await expect(rows).toHaveCount(0);
  await expect(page).not.toHaveTitle(/^\(/);
});

test("a page that signs its account out shows no other status, also when the answer is late", async ({
  browser,
}) => {
  const page = await (await openBrowser(browser, "reader")).newPage();
  await openLive(page, "/notifications");
  const seen = await page.evaluateHandle(() => {
    const kinds: string[] = [];
    new MutationObserver(() => {
      const shown = document.querySelector<HTMLElement>("[data-page-status]");
      kinds.push(shown?.dataset.pageStatus ?? "");
    }).observe(document, { subtree: true, childList: true, attributeFilter: ["data-page-status"] });
    return kinds;
  });
  await onAction(page, async (route) => {
    const checked = page.waitForResponse("/api/viewer");
    const answer = await route.fetch({ maxRedirects: 0 });
    // The connection ends with the session, and the page asks who is signed in.
    expect(await (await checked).json()).toMatchObject({ viewerId: null });
    await page.waitForTimeout(500);
    await route.fulfill({ response: answer });
  });
  await signOut(page);
  await expect(page).toHaveURL("/");
  await expect(page.getByRole("banner").getByRole("link", { name: "Sign in" })).toBeVisible();
  expect(new Set(await seen.jsonValue())).toEqual(new Set(["current"]));
});

test("a sign-out that does not reach the site says that the person may still be signed in", async ({
  browser,
}) => {
  const page = await (await openBrowser(browser, "reader")).newPage();
  await openLive(page, articlePath);
  await page.getByLabel("Add a comment").fill("Not sent yet");
  await onAction(page, (route) => route.abort());
  await signOut(page);
  await expectStatus(page, "not-signed-out");
  await expect(
    page.getByText("You may still be signed in. The site cannot be reached."),
  ).toBeVisible();
  await expect(page.getByLabel("Add a comment")).toHaveValue("Not sent yet");

  await page.unrouteAll();
  await signOut(page);
  await expect(page).toHaveURL("/");
  await expectStatus(page, "current");
});
