import { randomUUID } from "node:crypto";
import { type APIRequestContext, expect, type Page } from "@playwright/test";
import postgres from "postgres";
import { sessionCookie } from "@/auth/session/session-cookie.ts";
import { untilClosed } from "../../support/browser/page-tasks.ts";
import { test } from "../steps/own-site.ts";
import { articlePath, failPosts, signInWith, signUp } from "../steps/steps.ts";

// A separate site: these floods would limit other tests.
test.use({ siteName: "visitor-limits" });

/**
 * Submits the comment form once, and keeps the request from the server. The returned function sends ten copies of the
 * request at once, each with another comment id, and returns how many were not refused for their number.
 */
async function captureComment(page: Page): Promise<(from: APIRequestContext) => Promise<number>> {
  await page.route(`**${articlePath}`, untilClosed(page, failPosts));
  const sent = page.waitForRequest((request) => "next-action" in request.headers());
  await page.getByLabel("Add a comment").fill("Ten times at once");
  await page.getByRole("button", { name: "Post comment" }).click();
  const action = await sent;
  // The cookie of this session would replace that of the session that sends a copy.
  const { cookie: _, ...headers } = action.headers();
  const body = action.postData() ?? "";
  const commentId = /"commentId":"([0-9a-f-]{36})"/.exec(body)?.[1] ?? "";
  expect(commentId).not.toBe("");
  await page.close(); // it would send the comment again

  const send = async (from: APIRequestContext) => {
    const data = body.replaceAll(commentId, randomUUID());
    const answer = await from.post(action.url(), { headers, data });
    expect(answer.status()).toBe(200);
    return answer.text();
  };
  return async (from) => {
    const texts = await Promise.all(Array.from({ length: 10 }, () => send(from)));
    return texts.filter((text) => !text.includes("too_many_requests")).length;
  };
}

test("a new account writes ten times in ten seconds over all its sessions, an older one more often", async ({
  browser,
  site,
}) => {
  test.slow();
  const { handle, email, password, page } = await signUp(browser, articlePath);
  const first = page.context().request;
  const sendTen = await captureComment(page);
  const storageState = await signInWith(browser, email, password);
  const second = (await browser.newContext({ storageState })).request;
  const { name: cookieName } = sessionCookie(site.url);
  const tokens = [await first.storageState(), storageState].map(
    ({ cookies }) => cookies.find(({ name }) => name === cookieName)?.value ?? "",
  );
  expect(new Set(["", ...tokens]).size).toBe(3);
  const sql = postgres(site.variables.DATABASE_OWNER_URL ?? "", { max: 1 });
  const countWritten = async () => {
    const [row] = await sql<{ count: number }[]>`
      select count(*)::int from comments join users on users.id = author_id where handle = ${handle}`;
    return row?.count ?? 0;
  };
  const sendTwenty = async () => {
    const before = await countWritten();
    const [ofFirst, ofSecond] = await Promise.all([sendTen(first), sendTen(second)]);
    const sum = ofFirst + ofSecond;
    expect((await countWritten()) - before).toBe(sum);
    return sum;
  };
  try {
    // A try that takes longer than its window of ten seconds is repeated in a new window.
    const window = { timeout: 60_000, intervals: [11_000] };
    await expect.poll(sendTwenty, window).toBe(10);
    await sql`update users set created_at = now() - interval '25 hours' where handle = ${handle}`;
    await expect.poll(sendTwenty, window).toBe(20);
  } finally {
    await sql.end();
  }
});

test("a flood of pages from one address is answered with 429 and Retry-After, and another address still reads", async ({
  site,
}) => {
  // Playwright's requests share a few connections, so they would not arrive at once.
  const open = async (address: string, path: string) => {
    const headers = { "x-forwarded-for": address };
    const answer = await fetch(new URL(path, site.url), { headers });
    const waitS = Number(answer.headers.get("retry-after"));
    return { status: answer.status, waitS, text: await answer.text() };
  };
  const flood = Array.from({ length: 500 }, (_, n) => open("203.0.113.251", `/?n=${n}`));
  // The queue of the flooding visitor is full from the first refusal on.
  const refusal = await Promise.any(
    flood.map(async (each) => {
      const answer = await each;
      if (answer.status !== 429) throw new Error("It was not refused.");
      return answer;
    }),
  );
  expect(refusal.text).toContain("Too many requests");
  const other = await open("203.0.113.252", "/?n=other");
  expect([other.status, other.text]).toEqual([200, expect.stringContaining("<main")]);

  const answers = await Promise.all(flood);
  const statuses = new Set(answers.map(({ status }) => status));
  // On a busy machine some pages wait for more than five seconds, and are answered with 503.
  statuses.delete(503);
  expect(statuses).toEqual(new Set([200, 429]));
  const waits = answers.filter(({ status }) => status === 429).map(({ waitS }) => waitS);
  // Where the queue is full the wait is two seconds. Beyond 400 pages in ten seconds it is the rest of those seconds.
  expect(Math.min(...waits)).toBeGreaterThan(0);
  expect(Math.max(...waits)).toBeGreaterThan(2);
  expect((await open("203.0.113.252", "/?n=after")).status).toBe(200);
});
