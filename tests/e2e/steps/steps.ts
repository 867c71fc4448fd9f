import {
  type APIRequestContext,
  type Browser,
  type BrowserContext,
  expect,
  type Locator,
  type Page,
  type Request,
  type Route,
} from "@playwright/test";
import { demoAccounts, demoPassword } from "@/db/seed/demo-accounts.ts";
import { runJob as runSteps } from "../../../scripts/jobs/run.ts";
import { signBody } from "../../../scripts/jobs/signing.ts";
import { untilClosed } from "../../support/browser/page-tasks.ts";
import { homeOf } from "../../support/browser/twin-site.ts";

export type Role = (typeof demoAccounts)[number]["role"];

/** An article by the demo author that the demo reader can discuss. */
export const articlePath = "/articles/the-index-that-slept";

type Session = Awaited<ReturnType<BrowserContext["storageState"]>>;

/** One session per role and worker: sign-ins are limited per address. */
const sessions = new Map<Role, Session>();

/** A blank page in a separate browser, signed in as one of the demo accounts. */
export async function openAs(browser: Browser, role: Role): Promise<Page> {
  const storageState = await sessionOf(browser, role);
  const context = await browser.newContext({ storageState, ...homeOf(role) });
  return context.newPage();
}

/** The worker's session for a role, renewed after a test has signed it out from another device. */
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

let addresses = 0;

/** A context with an address of its own: sign-ins and sign-ups are limited per address. */
export function fromOwnAddress() {
  addresses += 1;
  return { extraHTTPHeaders: { "x-forwarded-for": `203.0.113.${addresses % 250}` } };
}

/** Signs in as a demo account, for a separate session; see {@link signInWith}. */
export async function signIn(browser: Browser, role: Role): Promise<Session> {
  const account = demoAccounts.find((each) => each.role === role);
  if (account === undefined) throw new Error(`The role "${role}" has no demo account.`);
  return signInWith(browser, account.email, demoPassword);
}

/** Signs in with the requests of next-auth. It loads no page: tests about the form use the form. */
export async function signInWith(
  browser: Browser,
  email: string,
  password: string,
): Promise<Session> {
  const context = await browser.newContext(fromOwnAddress());
  const { csrfToken } = await (await context.request.get("/api/auth/csrf")).json();
  await context.request.post("/api/auth/callback/credentials", {
    form: { csrfToken, email, password },
    maxRedirects: 0,
  });
  const session = await context.storageState();
  await context.close();
  if (!(await stands(browser, session))) throw new Error(`${email} could not sign in.`);
  return session;
}

/** An account that no other test uses. */
export async function signUp(browser: Browser, next: string) {
  const handle = `visitor-${Date.now()}`;
  const email = `${handle}@example.org`;
  const password = "a sentence does well";
  const page = await (await browser.newContext(fromOwnAddress())).newPage();
  await page.goto(`/sign-up?next=${encodeURIComponent(next)}`);
  await page.getByLabel("Name").fill("A visitor");
  await page.getByLabel("Handle").fill(handle);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page).toHaveURL(next);
  await expectState(page, "live");
  return { handle, email, password, page };
}

/** Opens a page and waits until it is live. */
export async function openLive(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expectState(page, "live");
}

/** Handles the requests of a page that call a server action. */
export async function onAction(
  page: Page,
  handle: (route: Route) => Promise<unknown>,
): Promise<void> {
  await page.route(
    "**",
    untilClosed(page, (route: Route) => {
      const isAction = route.request().headers()["next-action"] !== undefined;
      return isAction ? handle(route) : route.fallback();
    }),
  );
}

/** The live state that the page shows. */
export async function expectState(page: Page, state: string, timeoutMs = 15_000): Promise<void> {
  // `expect` would describe the whole page at each attempt.
  await page.locator(`[data-state-name="${state}"]`).waitFor({ timeout: timeoutMs });
}

/** The states of a page from now on. */
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

/** Sends a top-level comment. Returns its element, which is shown before the comment is saved. */
export async function comment(page: Page, body: string): Promise<Locator> {
  await page.getByLabel("Add a comment").fill(body);
  await page.getByRole("button", { name: "Post comment" }).click();
  return commentWith(page, body);
}

/** Waits until the server has saved a comment. */
export async function expectWritten(own: Locator): Promise<void> {
  await expect(own).toBeVisible();
  await expect(own).not.toHaveAttribute("aria-busy", "true");
}

/** A comment with this text, but not its parent while a reply with the text is typed. */
export function commentWith(page: Page, body: string): Locator {
  return page.getByRole("article").filter({ has: page.locator("p", { hasText: body }) });
}

/** Waits for another user's comment, and clicks the button when it waits behind one. */
export async function expectArrived(page: Page, body: string): Promise<void> {
  const button = page.getByRole("button", { name: /new comment/ });
  await expect(button.or(commentWith(page, body)).first()).toBeVisible();
  if (await button.isVisible()) await button.click();
  await expect(commentWith(page, body)).toBeVisible();
}

/**
 * Runs a job of at most one step, as the job runner does on its schedule.
 *
 * @param options the key of a site that runs signed requests only, and when the job is due. Default: now.
 */
export async function runJob(
  request: APIRequestContext,
  name: string,
  { signingKey = null, dueMs = Date.now() }: { signingKey?: string | null; dueMs?: number } = {},
): Promise<void> {
  const event = { name: "inngest/scheduled.timer", data: {}, id: "1", ts: dueMs };
  const body = JSON.stringify({
    version: 1,
    event,
    events: [event],
    steps: {},
    ctx: {
      run_id: "1",
      attempt: 0,
      max_attempts: 1,
      use_api: false,
      disable_immediate_execution: false,
      stack: { stack: [], current: 0 },
    },
  });
  const answer = await request.post(`/api/inngest?fnId=inkwell-${name}&stepId=step`, {
    data: body,
    headers: {
      "content-type": "application/json",
      ...(signingKey !== null && { "x-inngest-signature": signBody(body, signingKey) }),
    },
  });
  // 206 after a step, 200 after a job without one.
  expect([200, 206]).toContain(answer.status());
}

/** Runs a scheduled job of the site to its end, with all its steps. */
export function runScheduled(baseURL: string | undefined, id: string): Promise<void> {
  const url = `${baseURL}/api/inngest?fnId=inkwell-${id}&stepId=step`;
  return runSteps({
    signingKey: null,
    job: { id, triggers: [], steps: { step: { runtime: { url } } } },
    event: { id: "1", name: "inngest/scheduled.timer", data: {}, ts: Date.now() },
    runId: "1",
    signal: AbortSignal.timeout(30_000),
    backoffMs: () => 100,
  });
}

/** The number on the bell, from its accessible name. */
export async function unreadCount(page: Page): Promise<number> {
  const text = await page.getByRole("link", { name: /^Notifications,/ }).textContent();
  return Number(/Notifications, (\d+)/.exec(text ?? "")?.[1] ?? 0);
}

/**
 * Waits until the page has requested nothing for half a second. An open stream does not count: with one, the load state
 * `networkidle` is never reached.
 */
export async function untilQuiet(page: Page): Promise<void> {
  const open = new Set<Request>();
  let quietSinceMs = Date.now();
  const begin = (request: Request) => {
    if (!request.url().endsWith("/api/realtime/stream")) open.add(request);
  };
  const end = (request: Request) => {
    if (open.delete(request)) quietSinceMs = Date.now();
  };
  page.on("request", begin).on("requestfinished", end).on("requestfailed", end);
  await expect.poll(() => open.size === 0 && Date.now() - quietSinceMs > 500).toBe(true);
  page.off("request", begin).off("requestfinished", end).off("requestfailed", end);
}

/**
 * Waits until React has hydrated all parts of the page and ended its work. A part that hydrates later reads its data
 * again if they are stale by then, as after a jump of the page's clock.
 */
export async function untilHydrated(page: Page): Promise<void> {
  const parts = page.locator("article, button, form");
  const areHydrated = () =>
    parts.evaluateAll((elements) =>
      elements.every((each) => Object.keys(each).some((key) => key.startsWith("__reactProps$"))),
    );
  await expect.poll(areHydrated).toBe(true);
  await page.evaluate("scheduler.postTask(() => {}, { priority: 'background' })");
}

/** Hides the page and shows it again, as when the viewer opens another tab for a moment. */
export async function lookAway(page: Page): Promise<void> {
  for (const state of ["hidden", "visible"]) {
    await page.evaluate((visibilityState) => {
      Object.defineProperty(document, "visibilityState", {
        value: visibilityState,
        configurable: true,
      });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);
  }
}

/** Marks the document, to detect a reload. */
export async function markDocument(page: Page): Promise<void> {
  await page.evaluate(() => Object.assign(window, { isSameDocument: true }));
}

export async function expectSameDocument(page: Page): Promise<void> {
  expect(await page.evaluate(() => "isSameDocument" in window)).toBe(true);
}

/** Route handler: the page's server actions fail as without network, but the page can be read. */
export function failPosts(route: Route): Promise<void> {
  return route.request().method() === "POST" ? route.abort("connectionfailed") : route.fallback();
}

/** Opens a path as each of these people, and waits until the pages are live. */
export async function openAll<Name extends Role>(
  browser: Browser,
  path: string,
  ...roles: readonly Name[]
): Promise<Record<Name, Page>> {
  const opened = await Promise.all(
    roles.map(async (role) => {
      const page = await openAs(browser, role);
      await openLive(page, path);
      return [role, page] as const;
    }),
  );
  return Object.fromEntries(opened) as Record<Name, Page>;
}
