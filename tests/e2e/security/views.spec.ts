import type { APIRequestContext, APIResponse, Browser } from "@playwright/test";
import { expect } from "@playwright/test";
import postgres from "postgres";
import { test as base } from "../../support/browser/e2e.ts";
import { articlePath, openAs } from "../steps/steps.ts";

interface Views {
  /** Its URL. */
  readonly site: string;
  /** Ids of articles by their visibility for a reader. */
  readonly published: string;
  readonly draft: string;
  readonly deleted: string;
  /** The number of views in the database. */
  readonly count: (articleId: string) => Promise<number>;
}

const test = base.extend<{ views: Views }>({
  views: async ({ ownerUrl, baseURL }, use) => {
    const sql = postgres(ownerUrl, { max: 1 });
    const [of] = await sql<{ id: string; author: string }[]>`
      select id, author_id as author from articles where slug = ${articlePath.split("/").at(-1) ?? ""}`;
    if (of === undefined) throw new Error(`The seed has no ${articlePath}.`);
    const [draft, deleted] = [crypto.randomUUID(), crypto.randomUUID()];
    await sql`
      insert into articles (id, author_id, slug, title, body, published_at, delete_at) values
        (${draft}, ${of.author}, ${draft}, 'Not yet', 'Words.', null, null),
        (${deleted}, ${of.author}, ${deleted}, 'No more', 'Words.', now(), now() + interval '7 days')`;
    await use({
      site: baseURL ?? "",
      published: of.id,
      draft,
      deleted,
      count: async (articleId) => {
        const [row] = await sql<{ count: number }[]>`
          select count(*)::int from article_views where article_id = ${articleId}`;
        return row?.count ?? Number.NaN;
      },
    });
    await sql`delete from articles where id in (${draft}, ${deleted})`;
    await sql.end();
  },
});

interface Post {
  readonly headers?: Readonly<Record<string, string>>;
  readonly data?: string;
}

/** Default: as sent by a page of the site. */
function post(request: APIRequestContext, site: string, { headers, data }: Post) {
  return request.post("/api/views", {
    headers: { "content-type": "text/plain;charset=UTF-8", origin: site, ...headers },
    data: data ?? "",
  });
}
const of = (articleId: string) => JSON.stringify({ articleId });
const answerOf = async (answer: APIResponse) => [answer.status(), await answer.json()] as const;

const newVisitor = async (browser: Browser) => (await browser.newContext()).request;

test("a browser without an account is counted once a day per article, separately from other browsers", async ({
  browser,
  views,
}) => {
  const { site, published, count } = views;
  const before = await count(published);
  const visitor = await newVisitor(browser);
  const answer = await post(visitor, site, { data: of(published) });
  expect(await answerOf(answer)).toEqual([200, null]);
  expect(answer.headers()["cache-control"]).toBe("no-store");
  const [cookie] = (await visitor.storageState()).cookies;
  expect(cookie).toMatchObject({ name: "inkwell-visitor", httpOnly: true, sameSite: "Lax" });
  await post(visitor, site, { data: of(published) });
  expect(await count(published)).toBe(before + 1);
  expect((await visitor.storageState()).cookies).toMatchObject([{ value: cookie?.value }]);

  await post(await newVisitor(browser), site, { data: of(published) });
  expect(await count(published)).toBe(before + 2);
});

test("requests without a cookie add at most twenty views a day per address", async ({
  browser,
  views,
}) => {
  const { site, published, count } = views;
  const before = await count(published);
  const headers = { "x-forwarded-for": "6.6.6.6, 203.0.113.252" };
  for (let n = 0; n < 25; n += 1) {
    const forged = { ...headers, "x-inkwell-address": `guess 198.51.100.${n}` };
    const visitor = await newVisitor(browser);
    const answer = await post(visitor, site, { headers: forged, data: of(published) });
    expect(answer.status()).toBe(200);
  }
  expect(await count(published)).toBe(before + 20);
});

test("a visitor id made up by the browser is refused", async ({ browser, views }) => {
  const visitor = await newVisitor(browser);
  for (const name of ["", "somebody", "x".repeat(4_000)]) {
    const answer = await visitor.post("/api/views", {
      headers: { origin: views.site, cookie: `inkwell-visitor=${name}` },
      data: of(views.published),
    });
    expect(answer.status()).toBe(200);
    expect(answer.headers()["set-cookie"]).toMatch(/^inkwell-visitor=[\w-]{22};/);
  }
});

test("a member is counted once over all devices, and an author is not counted", async ({
  browser,
  views,
}) => {
  const { site, published, count } = views;
  const [reader, again, author] = [
    await openAs(browser, "reader"),
    await openAs(browser, "reader"),
    await openAs(browser, "author"),
  ];
  await post(reader.request, site, { data: of(published) });
  const before = await count(published);
  for (const { request } of [reader, again, author]) {
    expect((await post(request, site, { data: of(published) })).status()).toBe(200);
  }
  expect(await count(published)).toBe(before);
});

test("a page of another site cannot add views, with any request its browser allows", async ({
  browser,
  views,
}) => {
  const { site, published, count } = views;
  const before = await count(published);
  const visitor = await newVisitor(browser);
  const foreign: readonly Record<string, string>[] = [
    { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
    { origin: "https://evil.example" },
    { origin: `${site}.evil.example`, "sec-fetch-site": "cross-site" },
    { origin: site.replace(/:\d+$/, ":1"), "sec-fetch-site": "same-site" },
    { origin: "null", "sec-fetch-site": "cross-site" },
    { origin: "" },
  ];
  for (const headers of foreign) {
    const answer = await post(visitor, site, { headers, data: of(published) });
    expect([answer.status(), (await answer.json()).code], headers.origin).toEqual([
      403,
      "forbidden",
    ]);
    expect(answer.headers()["set-cookie"]).toBeUndefined();
  }

  // Another name of this site is a different site, with a real page.
  const context = await browser.newContext({ bypassCSP: true });
  const page = await context.newPage();
  await page.goto(`${site.replace("localhost", "127.0.0.1")}/sign-in`);
  const sent = page.waitForRequest(`${site}/api/views`);
  const isAnswered = await page.evaluate(
    ([url, body]) =>
      fetch(url, { method: "POST", mode: "no-cors", credentials: "include", body }).then(
        () => true,
        () => false, // the response forbids other sites to read it
      ),
    [`${site}/api/views`, of(published)] as const,
  );
  expect((await (await sent).allHeaders()).origin).not.toBe(site);
  expect(isAnswered).toBe(false);
  expect(await count(published)).toBe(before);
});

test("a body that is not one article's id is refused with a message, and counts nothing", async ({
  browser,
  views,
}) => {
  const { site, published, count } = views;
  const before = await count(published);
  const visitor = await newVisitor(browser);
  const bodies = [
    "",
    "{",
    "null",
    "7",
    "[]",
    "{}",
    JSON.stringify([of(published)]),
    JSON.stringify({ articleId: null }),
    JSON.stringify({ articleId: [published] }),
    JSON.stringify({ articleId: `${published}'` }),
    JSON.stringify({ articleId: "the-index-that-slept" }),
    JSON.stringify({ articleId: published, more: "x".repeat(300) }),
  ];
  for (const data of bodies) {
    const answer = await post(visitor, site, { data });
    const { code, message } = await answer.json();
    expect([answer.status(), code], data.slice(0, 80)).toEqual([400, "invalid_input"]);
    expect(message).toMatch(/\w/);
    expect(answer.headers()["set-cookie"]).toBeUndefined();
  }
  const huge = await post(visitor, site, { data: "x".repeat(2 * 1024 * 1024) });
  expect(huge.status()).toBe(413);
  expect(huge.headers()["set-cookie"]).toBeUndefined();
  expect((await visitor.get("/api/views")).status()).toBe(405);
  expect(await count(published)).toBe(before);
});

test("an unreadable article is answered as any other, and counts nothing", async ({
  browser,
  views,
}) => {
  const { site, draft, deleted, count } = views;
  const nowhere = crypto.randomUUID();
  const reader = await openAs(browser, "reader");
  const before = [await count(draft), await count(deleted)];
  for (const request of [await newVisitor(browser), reader.request]) {
    for (const articleId of [draft, deleted, nowhere]) {
      const answer = await post(request, site, { data: of(articleId) });
      expect(await answerOf(answer)).toEqual([200, null]);
    }
  }
  expect([await count(draft), await count(deleted)]).toEqual(before);
});
