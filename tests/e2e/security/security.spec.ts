import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import postgres from "postgres";
import { test } from "../../support/browser/e2e.ts";
import { articlePath, comment, expectWritten, openAs, openLive, signIn } from "../steps/steps.ts";

const pages = ["/", articlePath, "/tags/postgres", "/sign-in", "/sign-up", "/no-such-page"];

/** Violations of the policy, as reported by the browser. Call before the first page loads. */
async function collectViolations(page: Page): Promise<string[]> {
  const violations: string[] = [];
  page.on("console", (message) => {
    if (/Content.Security.Policy|Permissions-Policy/i.test(message.text())) {
      violations.push(message.text());
    }
  });
  await page.exposeFunction("noteViolation", (what: string) => violations.push(what));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const { noteViolation } = window as unknown as { noteViolation: (what: string) => void };
      noteViolation(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`);
    });
  });
  return violations;
}

test("every page has the security headers, and a nonce that no other response has", async ({
  request,
}) => {
  const nonces = new Set<string>();
  for (const path of pages) {
    const response = await request.get(path);
    const headers = response.headers();
    expect(headers, path).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "strict-origin-when-cross-origin",
      "cross-origin-opener-policy": "same-origin",
    });
    expect(headers["permissions-policy"], path).toContain("camera=()");
    expect(headers["x-powered-by"], path).toBeUndefined();
    // This test's site uses http, where browsers ignore the header.
    expect(headers["strict-transport-security"], path).toBeUndefined();

    const policy = headers["content-security-policy"] ?? "";
    expect(policy, path).toContain("default-src 'none'");
    expect(policy, path).toContain("frame-ancestors 'none'");
    const scripts = policy.split("; ").find((each) => each.startsWith("script-src ")) ?? "";
    expect(scripts, path).toMatch(/^script-src 'nonce-[^']+' 'strict-dynamic'$/);
    nonces.add(scripts);
    const html = await response.text();
    const unsigned = [...html.matchAll(/<script\b[^>]*>/g)].filter(
      ([tag]) => !tag.includes(`nonce="${/'nonce-([^']+)'/.exec(scripts)?.[1]}"`),
    );
    expect(unsigned, path).toEqual([]);
  }
  expect(nonces.size).toBe(pages.length);
});

test("responses of routes and built files are not sniffed, and responses of routes are not cached", async ({
  browser,
  request,
}) => {
  const reader = await openAs(browser, "reader");
  for (const path of ["/api/articles", "/api/health/live", "/api/health/ready"]) {
    const headers = (await request.get(path)).headers();
    expect(headers["x-content-type-options"], path).toBe("nosniff");
    expect(headers["cache-control"], path).toContain("no-store");
  }
  for (const path of ["/api/notifications", "/api/bookmarks", "/api/sessions"]) {
    const response = await reader.request.get(path);
    expect([path, response.status()]).toEqual([path, 200]);
    expect(response.headers()["x-content-type-options"], path).toBe("nosniff");
    expect(response.headers()["cache-control"], path).toContain("no-store");
  }
  const html = await (await request.get("/")).text();
  const built = new Set(html.match(/\/_next\/static\/[\w./~-]+\.(?:js|css|woff2)/g));
  expect(built.size).toBeGreaterThan(1);
  for (const path of built) {
    const response = await request.get(path);
    expect([path, response.status()]).toEqual([path, 200]);
    expect(response.headers()["x-content-type-options"], path).toBe("nosniff");
  }
});

test("responses under /api/ have the headers of pages, and a policy under which nothing loads", async ({
  request,
}) => {
  const odd = ["/api/no-such-route", "/api/inngest", "/api/%ff"];
  for (const path of ["/api/articles", "/api/health/live", "/api/auth/csrf", ...odd]) {
    const headers = (await request.get(path)).headers();
    expect(headers, path).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "strict-origin-when-cross-origin",
    });
    expect(headers["content-security-policy"], path).toMatch(
      /^default-src 'none'; frame-ancestors 'none'; .*sandbox$/,
    );
  }
});

test("an invalid path is answered with 404, as an unknown one", async ({ request }) => {
  for (const path of ["/people/%ff", "/%ff", "/tags/%E0%A4", "/articles/100%", "/gists/%c0%80"]) {
    const response = await request.get(path);
    expect([path, response.status()]).toEqual([path, 404]);
    expect(await response.text(), path).toContain("Inkwell");
  }
});

test("a page is rendered once for visitors without an account, names no viewer after a reader has opened it, and is current within seconds", async ({
  browser,
  request,
  ownerUrl,
}) => {
  const read = async () => (await request.get(articlePath)).text();
  /** When the page was rendered, which it contains for its browser. */
  const renderedAtOf = (html: string) => Number(/renderedAtMs\\*":(\d+)/.exec(html)?.[1]);
  await expect(async () => {
    const [first, second] = [await read(), await read()];
    expect(renderedAtOf(first)).toBeGreaterThan(0);
    expect(renderedAtOf(second)).toBe(renderedAtOf(first));
  }).toPass({ timeout: 20_000 });
  expect(await read()).toContain('data-viewer=""');
  const reader = await openAs(browser, "reader");
  const own = await (await reader.request.get(articlePath)).text();
  expect(own).toMatch(/data-viewer="[0-9a-f-]{36}"/);
  expect(await read()).toContain('data-viewer=""');

  const title = `Kept and changed ${Date.now()}`;
  const sql = postgres(ownerUrl, { max: 1 });
  const slug = articlePath.split("/").at(-1) ?? "";
  const [before] = await sql<{ title: string }[]>`select title from articles where slug = ${slug}`;
  try {
    await sql`update articles set title = ${title} where slug = ${slug}`;
    await expect.poll(read, { timeout: 20_000 }).toContain(title);
  } finally {
    await sql`update articles set title = ${before?.title ?? ""} where slug = ${slug}`;
    await sql.end();
  }
});

test("strangers get the site's health only, and metrics need a token", async ({
  request,
  secrets,
}) => {
  expect(await (await request.get("/api/health/live")).json()).toEqual({ status: "ok" });
  const ready = await request.get("/api/health/ready");
  expect([ready.status(), await ready.json()]).toEqual([200, { status: "ok", reasons: [] }]);
  const token = secrets.METRICS_TOKEN ?? "";
  for (const authorization of ["", "Bearer undefined", `Basic ${token}`, `Bearer ${token}0`]) {
    const response = await request.get("/api/metrics", { headers: { authorization } });
    expect([response.status(), await response.text()]).toEqual([401, ""]);
  }
  const headers = { authorization: `Bearer ${token}` };
  await request.get("/sign-in");
  const metrics = await (await request.get("/api/metrics", { headers })).text();
  expect(metrics).toContain('querycast_relay_state{state="leading"} 1');
  expect(metrics).toMatch(/^querycast_signals_published_total \d+$/m);
  expect(metrics).toMatch(/^inkwell_pages_total\{answer="passed"\} [1-9]\d*$/m);
});

test("the policy allows reading, menus, dialogs, live signals and comments on every page", async ({
  browser,
}) => {
  const page = await openAs(browser, "reader");
  const violations = await collectViolations(page);
  await openLive(page, "/");
  await openLive(page, articlePath);
  await page.getByLabel("Add a comment").fill(`Within the policy ${Date.now()}`);
  await page.getByRole("button", { name: "Post comment" }).click();
  await page
    .getByRole("button", { name: /^Delete/ })
    .first()
    .click();
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Your account" }).click();
  await expect(page.getByRole("menu")).toBeVisible();
  await page.keyboard.press("Escape");
  await openLive(page, "/notifications");
  // Client-side navigation, too: the next page was not covered by this document's policy.
  await page.getByRole("link", { name: "Inkwell" }).first().click();
  await expect(page).toHaveURL(/\/$/);
  expect(violations).toEqual([]);
});

test("an injected script does not run", async ({ page }) => {
  const violations = await collectViolations(page);
  await page.goto("/");
  const ran = await page.evaluate(async () => {
    const refused = new Promise((resolve) => {
      document.addEventListener("securitypolicyviolation", resolve, { once: true });
    });
    const inline = document.createElement("div");
    inline.innerHTML = `<img src="data:," onerror="window.wasRun = true">`;
    document.body.append(inline);
    await refused;
    return "wasRun" in window;
  });
  expect(ran).toBe(false);
  expect(violations.join()).toContain("script-src");
});

test("no built file and no page contains a secret of the environment", async ({
  browser,
  request,
  secrets,
}) => {
  for (const [name, secret] of Object.entries(secrets)) expect(secret, name).not.toBe("");
  const folder = join(import.meta.dirname, "..", "..", "..", ".next", "static");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) =>
    each.isFile(),
  );
  expect(files.length).toBeGreaterThan(10);
  const texts = files.map((each) => readFileSync(join(each.parentPath, each.name), "latin1"));
  for (const path of pages) texts.push(await (await request.get(path)).text());
  const page = await openAs(browser, "author");
  for (const path of ["/", articlePath, "/notifications"]) {
    texts.push((await (await page.goto(path))?.text()) ?? "");
  }
  for (const [name, secret] of Object.entries(secrets)) {
    const told = texts.some((text) => text.includes(secret));
    expect(told, name).toBe(false);
  }
  const names = /PUSHER_SECRET|NEXTAUTH_SECRET|DATABASE_URL|QUERYCAST_SECRET/;
  expect(texts.filter((text) => names.test(text))).toEqual([]);
});

/** Not /api/inngest: here it serves a development runner, which it trusts. */
const badRequests: readonly (readonly [string, RequestInit & { data?: string }])[] = [
  ["/api/articles?after=%00", {}],
  ["/api/articles?after[]=1&after[]=2", {}],
  ["/api/articles?tag=a&tag=b", {}],
  ["/api/articles?tag=' or 1=1 --", {}],
  ["/api/comments", {}],
  ["/api/comments?resourceType=article&resourceId=1;drop table users", {}],
  ["/api/comments?resourceType=__proto__&resourceId=constructor", {}],
  ["/api/notifications?before=not-a-cursor", {}],
  ["/api/notifications/unread-count", {}],
  ["/api/realtime", {}],
  ["/api/realtime", { method: "POST", data: "{" }],
  ["/api/realtime", { method: "POST", data: '{"v":1,"type":"join","channels":"a"}' }],
  ["/api/auth/session?a=b", { method: "POST", data: "{" }],
  ["/api/auth/callback/credentials", { method: "POST", data: "{" }],
  ["/api/auth/no-such-route/at/all", {}],
  ["/api/auth/callback/github?error=%3Cscript%3E", {}],
  ["/articles/%00", {}],
  ["/articles/%F0%28%8C%28", {}],
  ["/gists/1'", {}],
  ["/?after=%00", {}],
];

test("no refusal of invalid input contains a stack, a query or a path of the server, and no route fails", async ({
  request,
}) => {
  for (const [path, { method = "GET", data }] of badRequests) {
    const response = await request.fetch(path, {
      method,
      maxRedirects: 0,
      ...(data === undefined ? {} : { data, headers: { "content-type": "application/json" } }),
    });
    const where = `${method} ${path}`;
    if (response.ok()) continue; // the article about slow queries may contain SQL
    // Next itself answers a page's path that is not UTF-8 with 500 and three plain words.
    if (path.startsWith("/api/")) expect(response.status(), where).toBeLessThan(500);
    const text = withoutScripts(await response.text());
    expect(text, where).not.toMatch(/\bat \S+ \(|\b(file|node|webpack):|node_modules|\.tsx?\b/);
    expect(text, where).not.toMatch(/\.next\/|ECONN|postgres:/);
    expect(text, where).not.toContain(process.cwd());
    expect(text, where).not.toMatch(/select .+ from|insert into|syntax error|violates/i);
  }
});

/** The page's own scripts contain file names; only the visible error is checked. */
function withoutScripts(text: string): string {
  return text.replaceAll(/<script\b[\s\S]*?<\/script>/g, "");
}

test("a flood of reads is answered with 429 and Retry-After, without errors", async ({
  request,
}) => {
  // An address that no other test uses.
  const headers = { "x-forwarded-for": "203.0.113.9" };
  const read = () => request.get("/api/articles", { headers });
  const answers = await Promise.all(Array.from({ length: 300 }, read));
  expect(new Set(answers.map((answer) => answer.status()))).toEqual(new Set([200, 429]));
  const refused = answers.find((answer) => answer.status() === 429);
  expect(Number(refused?.headers()["retry-after"])).toBeGreaterThan(0);
  expect(await refused?.json()).toMatchObject({
    code: "too_many_requests",
    message: expect.stringContaining("Wait"),
  });
  expect((await request.get("/api/articles")).status()).toBe(200);
});

test("a flood of writes is refused with a message, and writes work again later", async ({
  browser,
}) => {
  test.slow();
  // A separate session, so that other tests are not limited.
  const context = await browser.newContext({ storageState: await signIn(browser, "reader") });
  const page = await context.newPage();
  await openLive(page, articlePath);
  const sent = page.waitForRequest((request) => "next-action" in request.headers());
  await expectWritten(await comment(page, `Once is enough ${Date.now()}`));
  const action = await sent;
  const again = () =>
    page.request.post(action.url(), {
      headers: action.headers(),
      data: action.postDataBuffer() ?? "",
    });
  const answers = await Promise.all(Array.from({ length: 60 }, again));
  expect(answers.filter((answer) => answer.status() !== 200)).toEqual([]);
  const texts = await Promise.all(answers.map((answer) => answer.text()));
  const refused = texts.filter((text) => text.includes("too_many_requests"));
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]).toContain("Too many requests");
  await context.close();
});
