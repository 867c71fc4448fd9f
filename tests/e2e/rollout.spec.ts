import { expect, type Page } from "@playwright/test";
import postgres from "postgres";
import { test } from "../support/e2e.ts";
import {
  articlePath,
  comment,
  commentWith,
  expectSameDocument,
  expectState,
  expectWritten,
  markDocument,
  openAs,
  openLive,
  unreadCount,
} from "./steps.ts";

let sql: postgres.Sql;
test.beforeAll(({ ownerUrl }) => {
  sql = postgres(ownerUrl, { max: 1, onnotice: () => {} });
});
test.afterAll(async () => {
  await setPhases({});
  await sql.end();
});

/** As an admin's action does: stages and announcement in one transaction. */
async function setPhases(stages: Readonly<Record<number, "on" | "off">>): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`delete from phase_settings`;
    for (const [phase, stage] of Object.entries(stages)) {
      await tx`insert into phase_settings (phase, stage) values (${phase}, ${stage})`;
    }
    const announcement = [{ channel: "site", name: "rollout.changed", ids: null }];
    await tx`select querycast.append_signals(${JSON.stringify(announcement)}::text::json, null, null)`;
  });
}

const only = (phase: number) =>
  setPhases({ 1: "off", 2: "off", 3: "off", 4: "off", [phase]: "on" });

/** The kinds of channels that a page is subscribed to, from its sockets' frames. */
function watchSockets(page: Page): () => readonly string[] {
  const joined = new Set<string>();
  page.on("websocket", (socket) => {
    const own = new Set<string>();
    socket.on("framesent", ({ payload }) => {
      const { event, data } = JSON.parse(String(payload));
      if (event === "pusher:subscribe") own.add(data.channel);
      if (event === "pusher:unsubscribe") own.delete(data.channel);
      for (const name of [...joined]) joined.delete(name);
      for (const name of own) joined.add(name);
    });
    socket.on("close", () => {
      for (const name of own) joined.delete(name);
    });
  });
  return () =>
    [...new Set([...joined].map((name) => /^private-([a-z]+)/.exec(name)?.[1] ?? name))].sort();
}

test("S3.27 F2 F4 two open browsers follow each phase switched on alone, and all switched off, without a reload", async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const reader = await openAs(browser, "reader");
  const author = await openAs(browser, "author");
  const joined = watchSockets(author);
  await openLive(reader, articlePath);
  await openLive(author, articlePath);
  await markDocument(reader);
  await markDocument(author);
  await expect.poll(joined).toEqual(expect.arrayContaining(["resource", "site", "user"]));

  // 1 alone: the bell is live, the thread is read when the page is opened.
  await only(1);
  await expect.poll(joined, { timeout: 15_000 }).toEqual(["site", "user"]);
  const unread = await unreadCount(author);
  const first = `The bell rings, the thread is still ${Date.now()}`;
  await expectWritten(await comment(reader, first));
  await expect.poll(() => unreadCount(author)).toBe(unread + 1);
  expect(await commentWith(author, first).count()).toBe(0);

  // 2 alone: its missed signals arrive, and the bell is no longer live.
  await only(2);
  await expect.poll(joined, { timeout: 15_000 }).toEqual(["resource", "site"]);
  await expect(commentWith(author, first)).toBeVisible();
  const second = `The thread moves, the bell is still ${Date.now()}`;
  await comment(reader, second);
  await expect(commentWith(author, second)).toBeVisible();
  expect(await unreadCount(author)).toBe(unread + 1);
  await expectSameDocument(author);

  // All off: no socket is open, and a page is current when it is loaded.
  await setPhases({ 1: "off", 2: "off", 3: "off", 4: "off" });
  await expectState(reader, "offline");
  await expectState(author, "offline");
  await expect.poll(joined).toEqual([]);
  const third = `Nobody is told of this ${Date.now()}`;
  await expectWritten(await comment(reader, third));
  await expectSameDocument(reader);

  // All on: live again without a reload, with all missed changes.
  await setPhases({});
  await expectState(author, "live");
  await expectState(reader, "live");
  await expect(commentWith(author, third)).toBeVisible();
  await expect.poll(() => unreadCount(author)).toBe(unread + 3);
  await expectSameDocument(author);
  await expectSameDocument(reader);
});

/** As known to the server, possibly a second old. */
const phasesOnFor = (page: Page): Promise<unknown> =>
  page.evaluate(async () => {
    const answer = await fetch("/api/realtime", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ v: 1, type: "rollout" }),
    });
    return (await answer.json()).phases;
  });

test("S3.27 F3 with everything off pages work by fetching, and never open a socket", async ({
  browser,
}) => {
  await setPhases({ 1: "off", 2: "off", 3: "off", 4: "off" });
  const reader = await openAs(browser, "reader");
  const author = await openAs(browser, "author");
  await reader.goto(articlePath);
  await expect.poll(() => phasesOnFor(reader)).toEqual([]);
  let sockets = 0;
  author.on("websocket", () => {
    sockets += 1;
  });
  await author.goto(articlePath);
  await expectState(author, "offline");
  await reader.reload();
  const said = `Found by reading ${Date.now()}`;
  await expectWritten(await comment(reader, said));
  await author.reload();
  await expect(commentWith(author, said)).toBeVisible();
  expect(sockets).toBe(0);
});
