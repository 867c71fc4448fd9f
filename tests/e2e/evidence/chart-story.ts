import { randomUUID } from "node:crypto";
import { type Browser, expect, type Page } from "@playwright/test";
import postgres from "postgres";
import { expectSameDocument, markDocument, openLive, runJob, untilQuiet } from "../steps/steps.ts";
import { countReads, openDesk, slowDown } from "./desk-story.ts";

/** Publishes an article of the member in a publication, as the owner of the database. */
async function publishArticle(ownerUrl: string, publicationId: string, signingKey: string | null) {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  const articleId = randomUUID();
  await sql`
    insert into articles (id, author_id, slug, title, body, published_at, publication_id)
    select ${articleId}, id, ${articleId}, 'On charts', 'Words.', now() - interval '1 hour', ${publicationId}
    from users where handle = 'maren'`;
  return {
    path: `/articles/${articleId}`,
    /**
     * Waits until the site has stored so many visitors, moves the last visit back by some minutes, and runs the job that
     * was due when its minute had ended.
     */
    count: async (page: Page, visitors: number, minutesAgo: number) => {
      const stored = () => sql`select from article_views where article_id = ${articleId}`;
      await expect.poll(async () => (await stored()).length, { intervals: [20] }).toBe(visitors);
      const [visit] = await sql<{ due: Date }[]>`
        update article_views set viewed_at = viewed_at - make_interval(mins => ${minutesAgo})
        where article_id = ${articleId} and viewed_at = (
          select max(viewed_at) from article_views where article_id = ${articleId})
        returning date_trunc('minute', viewed_at) + interval '1 minute' as due`;
      await runJob(page.request, "count-readers", { signingKey, dueMs: visit?.due.getTime() });
    },
    close: () => sql.end(),
  };
}

/** The minutes of a chart that had readers. */
const points = (page: Page) => page.locator("[data-readers]:not([data-readers='0'])");

/**
 * The readers per minute on the desk of a publication, with three people: its owner, a member whose network is slow,
 * and one who reads an article and is no member. The job on the server counts each reader, and open charts get the new
 * point. The page that opens in between starts with the points before it.
 *
 * @param carriesRows whether rows travel to the pages; else each signal costs a read
 * @param signingKey of a site that runs signed jobs only
 */
export async function tellChart(
  browser: Browser,
  ownerUrl: string,
  carriesRows: boolean,
  signingKey: string | null = null,
): Promise<void> {
  const { owner, member, stranger, home, publicationId, close } = await openDesk(browser, "Chart");
  const article = await publishArticle(ownerUrl, publicationId, signingKey);
  for (const page of [owner, member]) {
    await openLive(page, `${home}/desk`);
    await markDocument(page);
    await expect(page.getByText("No readers in the last hour")).toBeVisible();
    await untilQuiet(page);
  }
  await slowDown(member);
  const path = "/api/publications/readers";
  const reads = { owner: countReads(owner, path), member: countReads(member, path) };

  await stranger.goto(article.path);
  await article.count(owner, 1, 2);
  for (const page of [owner, member]) {
    await expect(points(page)).toHaveCount(1);
    await expect(points(page)).toHaveAttribute("data-readers", "1");
    await expect(page.getByText("At most 1 reader in one minute of the last hour")).toBeVisible();
  }

  const late = await member.context().newPage();
  await openLive(late, `${home}/desk`);
  await expect(points(late)).toHaveCount(1);
  await untilQuiet(late);
  const readsOf = { ...reads, late: countReads(late, path) };
  const visitor = await (await browser.newContext()).newPage();
  await visitor.goto(article.path);
  await article.count(owner, 2, 1);
  for (const page of [owner, member, late]) await expect(points(page)).toHaveCount(2);
  for (const [name, count] of Object.entries(readsOf)) {
    if (carriesRows) expect(count(), name).toBe(0);
    else expect(count(), name).toBeGreaterThan(0);
  }
  for (const page of [owner, member]) await expectSameDocument(page);

  expect((await stranger.goto(`${home}/desk`))?.status()).toBe(404);
  const read = `${path}?publicationId=${publicationId}`;
  expect(await (await owner.request.get(read)).json()).toHaveLength(2);
  expect(await (await stranger.request.get(read)).json()).toEqual([]);
  const join = await stranger.request.post("/api/realtime", {
    data: { v: 1, type: "join", socketId: "1.1", channels: [`chart.${publicationId}`] },
    headers: { origin: new URL(stranger.url()).origin },
  });
  expect(await join.json()).toMatchObject({ results: [{ status: "denied" }] });
  await visitor.context().close();
  await article.close();
  await close();
}
