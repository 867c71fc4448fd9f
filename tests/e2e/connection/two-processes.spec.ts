import { expect, type Page } from "@playwright/test";
import postgres from "postgres";
import { freePort } from "../../../scripts/parts/ports.ts";
import { leadKey } from "../../../src/realtime/log/relay/lead-key.ts";
import { test } from "../../support/browser/e2e.ts";
import { startTwin } from "../../support/browser/twin-site.ts";
import { createOwnerWriter } from "../../support/browser/write-as-owner.ts";
import {
  articlePath,
  comment,
  commentWith,
  expectArrived,
  expectSameDocument,
  expectState,
  expectWritten,
  markDocument,
  openAs,
  openLive,
} from "../steps/steps.ts";

/** Another process of the setup's site, which reports whether it leads. */
async function startRelayingTwin(variables: Readonly<Record<string, string>>, port: number) {
  const printed: string[] = [];
  const site = await startTwin(variables, port, (line) => printed.push(line));
  return { ...site, isLeading: () => printed.some((line) => line.includes('"leading"')) };
}

/** Takes the lead from the current leader while the returned session is open. */
async function takeLead(ownerUrl: string): Promise<postgres.Sql> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  await sql`
    select pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and granted and objid = ${leadKey}::bigint::oid`;
  await sql`select pg_advisory_lock(${leadKey}::bigint)`;
  return sql;
}

/** Comments of this test on a page. */
const shown = async (page: Page, mark: string) =>
  (await commentWith(page, mark).allTextContents())
    .flatMap((text) => text.match(new RegExp(`${mark} (before|during|after|amidst)`))?.[0] ?? [])
    .sort();

test("R8 K1 after the relaying one of two processes is killed during reads and writes, the other relays within seconds, and every page matches the database", async ({
  browser,
  ownerUrl,
  variables,
}) => {
  test.setTimeout(180_000);
  const owner = createOwnerWriter(ownerUrl);
  const port = await freePort();
  let twin = await startRelayingTwin(variables, port);
  let held: postgres.Sql | undefined;
  try {
    // The setup's process leads. Both poll every 2 s, so either may lead next.
    const contest = async () => {
      if (twin.isLeading()) return true;
      if (held === undefined) held = await takeLead(ownerUrl);
      else {
        await held.end();
        held = undefined;
      }
      return false;
    };
    await expect.poll(contest, { timeout: 90_000, intervals: [3_000] }).toBe(true);

    const address = new URL(articlePath, twin.url).href;
    const [reader, author, admin] = [
      await openAs(browser, "reader"),
      await openAs(browser, "author"),
      await openAs(browser, "admin"),
    ];
    await openLive(reader, address);
    await openLive(author, articlePath);
    await openLive(admin, articlePath);
    for (const page of [reader, author, admin]) await markDocument(page);
    const mark = `k${Date.now()}`;
    const say = async (page: Page, word: string) => comment(page, `${mark} ${word}`);

    await expectWritten(await say(author, "before"));
    await expectArrived(reader, `${mark} before`);
    await expectArrived(admin, `${mark} before`);
    // Two users write during the kill, one on each process.
    await reader.getByLabel("Add a comment").fill(`${mark} amidst`);
    await reader.getByRole("button", { name: "Post comment" }).click();
    await Promise.all([twin.kill(), say(author, "during").then(expectWritten)]);
    await expectWritten(await say(author, "after"));
    for (const word of ["during", "after"]) await expectArrived(admin, `${mark} ${word}`);
    await expectState(admin, "live");

    twin = await startRelayingTwin(variables, port);
    const written = await owner.sql<{ body: string }[]>`
      select body from comments where body like ${`${mark} %`}`;
    const bodies = written.map(({ body }) => body).sort();
    expect(bodies).toEqual(
      expect.arrayContaining(["after", "before", "during"].map((word) => `${mark} ${word}`)),
    );
    for (const page of [reader, author, admin]) {
      await expectArrived(page, `${mark} after`);
      await expect.poll(() => shown(page, mark), { timeout: 45_000 }).toEqual(bodies);
      await expectSameDocument(page);
    }
    await expectState(reader, "live", 45_000);
    const last = `${mark} last`;
    await comment(author, last);
    await expectArrived(reader, last);
  } finally {
    await held?.end();
    await twin.stop();
    await owner.close();
  }
});
