import { randomUUID } from "node:crypto";
import { expect, type Page } from "@playwright/test";
import postgres from "postgres";
import { test } from "../../support/browser/e2e.ts";
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
  unreadCount,
} from "../steps/steps.ts";

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

test("S3.27 F4 two open browsers follow phases 1 and 2 switched on alone, and all switched off, without a reload", {
  tag: "@broker",
}, async ({ browser }) => {
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
  await expect.poll(joined, { timeout: 15_000 }).toEqual(["announcement", "site", "user"]);
  const unread = await unreadCount(author);
  const first = `The bell rings, the thread is still ${Date.now()}`;
  await expectWritten(await comment(reader, first));
  await expect.poll(() => unreadCount(author)).toBe(unread + 1);
  expect(await commentWith(author, first).count()).toBe(0);

  // 2 alone: its missed signals arrive, and the bell is no longer live.
  await only(2);
  await expect.poll(joined, { timeout: 15_000 }).toEqual(["replying", "resource", "site"]);
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

const love = (page: Page) =>
  page.getByRole("group", { name: "Reactions" }).first().getByRole("button", { name: "Love" });
/** The number beside the reaction; 0 without one. */
const loveCount = async (page: Page) =>
  Number(/(\d+)$/.exec((await love(page).textContent()) ?? "")?.[1] ?? 0);
const countOf = async (query: Promise<readonly { readonly count?: number }[]>) =>
  (await query)[0]?.count ?? 0;

/** A published article by the demo author. It has no reactions and no comments: other files leave some on the seeded articles. */
async function createArticle() {
  const id = randomUUID();
  await sql`
    insert into articles (id, author_id, slug, title, body, published_at)
    select ${id}, author_id, ${id}, 'An article', 'Text', now()
    from articles where slug = ${articlePath.split("/").at(-1) ?? ""}`;
  const notifications = () =>
    countOf(sql`select count(*)::int from notifications where article_id = ${id}`);
  return { path: `/articles/${id}`, notifications };
}

/** A public gist of a reader. `rename` changes its title with a signal to its viewers, as the action does. */
async function createGist() {
  const id = randomUUID();
  await sql`
    insert into gists (id, owner_id, title, visibility)
    select ${id}, id, 'A gist', 'public' from users where role = 'reader' order by created_at limit 1`;
  await sql`
    insert into gist_files (gist_id, filename, content) values (${id}, 'a.txt', 'Text')`;
  const rename = (title: string) =>
    sql.begin(async (tx) => {
      await tx`update gists set title = ${title} where id = ${id}`;
      const signals = [
        { channel: `resource.gist.${id}`, name: "gist.updated", ids: { gistId: id } },
      ];
      await tx`select querycast.append_signals(${JSON.stringify(signals)}::text::json, null, null)`;
    });
  return { path: `/gists/${id}`, rename };
}

/** The kinds with signals or messages of each phase, and the kind of the channel that each phase is shown by. */
const alone = [
  {
    phase: 1,
    shown: "notifications",
    by: "user",
    allowed: ["announcement", "site", "user"],
  },
  {
    phase: 2,
    shown: "comments",
    by: "resource",
    allowed: ["replying", "resource", "site"],
  },
  {
    phase: 3,
    shown: "reactions",
    by: "resource",
    allowed: ["report", "resource", "site", "user"],
  },
  {
    phase: 4,
    shown: "gists",
    by: "resource",
    allowed: ["profile", "resource", "site", "tag", "user"],
  },
] as const;

for (const { phase, shown, by, allowed } of alone) {
  test(`S3.27 F2 with phase ${phase} alone ${shown} are live, and the parts of the other phases are read when a page is loaded`, async ({
    browser,
  }) => {
    test.setTimeout(120_000);
    await only(phase);
    const { path, notifications } = await createArticle();
    const gist = await createGist();
    const reader = await openAs(browser, "reader");
    await reader.goto(path);
    await expect.poll(() => phasesOnFor(reader)).toEqual([phase]);
    // Two browsers: the tabs of one browser would share a socket.
    const [article, viewed] = [await openAs(browser, "author"), await openAs(browser, "author")];
    const joined = [watchSockets(article), watchSockets(viewed)] as const;
    const foreign = () =>
      joined.flatMap((each) => each()).filter((name) => !allowed.some((own) => own === name));
    await article.goto(path);
    await viewed.goto(gist.path);
    await expect.poll(joined[phase === 4 ? 1 : 0], { timeout: 15_000 }).toContain(by);
    expect(foreign()).toEqual([]);
    await expect(love(reader)).toHaveAttribute("aria-pressed", "false");
    await markDocument(article);
    await markDocument(viewed);

    const said = `With phase ${phase} alone ${randomUUID()}`;
    const title = `Renamed ${randomUUID()}`;
    const before = {
      unread: await unreadCount(article),
      reactions: await loveCount(article),
    };
    /** Resolves when the author's notification is stored. */
    const notifies = async (act: () => Promise<unknown>) => {
      const count = await notifications();
      await act();
      await expect.poll(notifications, { timeout: 15_000 }).toBeGreaterThan(count);
    };
    const write = {
      comment: (text = said) => notifies(async () => expectWritten(await comment(reader, text))),
      reaction: () => notifies(() => love(reader).click()),
      gist: () => gist.rename(title),
    };
    // The change of the phase comes last: when it has arrived, signals of the others would have, too.
    if (phase !== 1) await write.comment();
    if (phase !== 3) await write.reaction();
    if (phase !== 4) await write.gist();
    const last = `${said} at last`;
    if (phase === 1) await write.comment();
    if (phase === 2) await write.comment(last);
    if (phase === 3) await write.reaction();
    if (phase === 4) await write.gist();

    const heading = viewed.getByRole("heading", { level: 1, name: title });
    // The reaction and each comment notify the author.
    if (phase === 1) await expect.poll(() => unreadCount(article)).toBe(before.unread + 2);
    if (phase === 2) await expectArrived(article, last);
    if (phase === 3) {
      await expect.poll(() => loveCount(article)).toBe(before.reactions + 1);
    }
    if (phase === 4) await expect(heading).toBeVisible();

    if (phase !== 1) expect(await unreadCount(article)).toBe(before.unread);
    if (phase !== 2) {
      await expect(article.getByRole("button", { name: /new comment/ })).toHaveCount(0);
      await expect(commentWith(article, said)).toHaveCount(0);
    }
    if (phase !== 3) expect(await loveCount(article)).toBe(before.reactions);
    if (phase !== 4) await expect(heading).toHaveCount(0);
    expect(foreign()).toEqual([]);
    await expectSameDocument(article);
    await expectSameDocument(viewed);

    await article.reload();
    await viewed.reload();
    await expect.poll(() => unreadCount(article)).toBe(before.unread + (phase === 2 ? 3 : 2));
    await expect(commentWith(article, said).first()).toBeVisible();
    expect(await loveCount(article)).toBe(before.reactions + 1);
    await expect(heading).toBeVisible();
  });
}

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
