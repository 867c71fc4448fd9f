import {
  type Browser,
  type BrowserContext,
  expect,
  type Locator,
  type Page,
  type Route,
} from "@playwright/test";
import { demoAccounts, demoPassword } from "@/db/seed/demo-accounts.ts";

export type Role = (typeof demoAccounts)[number]["role"];

/** An article by the demo author, which the demo reader can discuss. */
export const articlePath = "/articles/the-index-that-slept";

type Session = Awaited<ReturnType<BrowserContext["storageState"]>>;

/** One session per role and worker: the site allows an address only so many sign-ins. */
const sessions = new Map<Role, Session>();

/** A page without an address yet, in a browser of its own, where one of the demo accounts is signed in. */
export async function openAs(browser: Browser, role: Role): Promise<Page> {
  const context = await browser.newContext({ storageState: await sessionOf(browser, role) });
  return context.newPage();
}

/** The worker's session for a role, anew when a test has signed it out from another device. */
async function sessionOf(browser: Browser, role: Role): Promise<Session> {
  const known = sessions.get(role);
  if (known !== undefined && (await stands(browser, known))) return known;
  const session = await signIn(browser, role);
  sessions.set(role, session);
  return session;
}

async function stands(browser: Browser, storageState: Session): Promise<boolean> {
  const context = await browser.newContext({ storageState });
  const answer = await context.request.get("/api/auth/session");
  const { user } = (await answer.json()) as { user?: unknown };
  await context.close();
  return user !== undefined;
}

let signIns = 0;

/**
 * Signs in by the requests of next-auth, for a session of its own. It loads no page: a test that is about the
 * form fills it in. Each sign-in has another address, because one address is allowed only so many.
 */
export async function signIn(browser: Browser, role: Role): Promise<Session> {
  signIns += 1;
  const context = await browser.newContext({
    extraHTTPHeaders: { "x-forwarded-for": `203.0.113.${signIns % 250}` },
  });
  const account = demoAccounts.find((each) => each.role === role);
  if (account === undefined) throw new Error(`There is no demo account for the role "${role}".`);
  const { csrfToken } = await (await context.request.get("/api/auth/csrf")).json();
  await context.request.post("/api/auth/callback/credentials", {
    form: { csrfToken, email: account.email, password: demoPassword },
    maxRedirects: 0,
  });
  const session = await context.storageState();
  await context.close();
  if (!(await stands(browser, session))) throw new Error(`The ${role} could not sign in.`);
  return session;
}

/** Opens a page and waits until it hears of changes. */
export async function openLive(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expectState(page, "live");
}

/** The state the page itself says it is in. */
export async function expectState(page: Page, state: string, timeoutMs = 15_000): Promise<void> {
  await expect(page.locator(`[data-state-name="${state}"]`)).toBeVisible({ timeout: timeoutMs });
}

/** The states a page goes through from now on. */
export async function watchStates(page: Page): Promise<() => Promise<readonly string[]>> {
  const seen = await page.evaluateHandle(() => {
    const names: string[] = [];
    new MutationObserver(() => {
      const name = document.querySelector("[data-state-name]")?.getAttribute("data-state-name");
      if (name && names.at(-1) !== name) names.push(name);
    }).observe(document, { subtree: true, childList: true, attributeFilter: ["data-state-name"] });
    return names;
  });
  return () => seen.jsonValue();
}

/** Sends a top-level comment, and hands back where it is shown, at once and before it is written. */
export async function comment(page: Page, body: string): Promise<Locator> {
  await page.getByLabel("Add a comment").fill(body);
  await page.getByRole("button", { name: "Post comment" }).click();
  return commentWith(page, body);
}

/** Waits until a comment is no longer on its way: the server has it. */
export async function expectWritten(own: Locator): Promise<void> {
  await expect(own).toBeVisible();
  await expect(own).not.toHaveAttribute("aria-busy", "true");
}

/** A comment that says this; not one below which it is being written. */
export function commentWith(page: Page, body: string): Locator {
  return page.getByRole("article").filter({ has: page.locator("p", { hasText: body }) });
}

/** Waits for a comment of somebody else, and asks for it should it have arrived where somebody reads. */
export async function expectArrived(page: Page, body: string): Promise<void> {
  const button = page.getByRole("button", { name: /new comment/ });
  await expect(button.or(commentWith(page, body)).first()).toBeVisible();
  if (await button.isVisible()) await button.click();
  await expect(commentWith(page, body)).toBeVisible();
}

/** The number on the bell, as a screen reader hears it. */
export async function unreadCount(page: Page): Promise<number> {
  const text = await page.getByRole("link", { name: /^Notifications,/ }).textContent();
  return Number(/Notifications, (\d+)/.exec(text ?? "")?.[1] ?? 0);
}

/** Marks the document, so that a test can tell that it was never loaded anew. */
export async function markDocument(page: Page): Promise<void> {
  await page.evaluate(() => Object.assign(window, { isSameDocument: true }));
}

export async function expectSameDocument(page: Page): Promise<void> {
  expect(await page.evaluate(() => "isSameDocument" in window)).toBe(true);
}

/** Route handler: server actions of a page fail as without a network, and the page itself can be read. */
export function failPosts(route: Route): Promise<void> {
  return route.request().method() === "POST" ? route.abort("connectionfailed") : route.fallback();
}
