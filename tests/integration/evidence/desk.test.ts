import { randomUUID } from "node:crypto";
import { type SQL, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { channels } from "@/channels/index.ts";
import { countReaders } from "@/features/desk/count-readers.ts";
import { listContents } from "@/features/desk/list-contents.ts";
import { listReaders } from "@/features/desk/list-readers.ts";
import { say } from "@/features/desk/say.ts";
import { createEntityReads } from "@/wiring/realtime/entities.ts";
import { keys } from "../../support/rigs/evidence-rig.ts";
import { createPublicationsRig, type Member } from "../../support/rigs/publications-rig.ts";
import { viewers } from "../../support/rows/rls-rows.ts";
import { messagesOf } from "./messages-of.ts";

const { ann, ben, kay, rea } = viewers;

let rig: Awaited<ReturnType<typeof createPublicationsRig>>;
beforeAll(async () => {
  rig = await createPublicationsRig();
});
afterAll(() => rig?.close());

type Paper = Awaited<ReturnType<typeof rig.found>>;

/** Writes a message. Returns its id. */
async function write(paper: Paper, member: Member, text: string, messageId = randomUUID()) {
  const input = { publicationId: paper.publicationId, messageId, text, isQuestion: false };
  await rig.site.contexts.write(member)((ctx) => say(ctx, input));
  return messageId;
}

/** The signals of a publication's chat or chart so far: name and ids. */
async function signalsOn(channel: string) {
  const rows = await rig.site.owner<{ name: string; ids: string }[]>`
    select name, ids from querycast.signals where channel = ${channel} order by xid, position`;
  return rows.map(({ name, ids }) => [name, JSON.parse(ids) as Record<string, string>] as const);
}

test("a message is written once, with its signals and without its text in them", async () => {
  const paper = await rig.found(ben);
  const messageId = await write(paper, ben, "Good morning.");
  await write(paper, ben, "Another text under the same id.", messageId);
  const input = { publicationId: paper.publicationId };
  const contents = await rig.site.contexts.read(ben)((ctx) => listContents(ctx, input));
  expect(contents).toMatchObject([{ messageId, position: 0, version: 1, text: "Good morning." }]);
  expect(await rig.site.contexts.read(ben)((ctx) => messagesOf(ctx, input))).toMatchObject([
    { id: messageId, author: { handle: "ben" }, state: "said", grounded: null },
  ]);
  expect(await signalsOn(channels.chat(input).name)).toEqual([
    ["chat.message-added", { messageId }],
    ["chat.content", { contentId: contents[0]?.id }],
  ]);
});

test("people who are no members read nothing, and cannot write", async () => {
  const paper = await rig.found(ben);
  await write(paper, ben, "For members.");
  const input = { publicationId: paper.publicationId };
  for (const viewer of [kay, viewers.anonymous]) {
    expect(await rig.site.contexts.read(viewer)((ctx) => messagesOf(ctx, input))).toEqual([]);
    expect(await rig.site.contexts.read(viewer)((ctx) => listContents(ctx, input))).toEqual([]);
    expect(await rig.site.contexts.read(viewer)((ctx) => listReaders(ctx, input))).toEqual([]);
  }
  await expect(write(paper, kay, "Let me in.")).rejects.toMatchObject({ code: "not_found" });
});

test("a member writes no message of another person or of the analyst, and no text into one", async () => {
  const paper = await rig.found(ben);
  await paper.join(ann);
  const messageId = await write(paper, ben, "Of ben.");
  const { publicationId } = paper;
  const asAnn = (statement: SQL) => rig.site.contexts.write(ann)(({ tx }) => tx.execute(statement));
  const [id, text] = [randomUUID(), "x"];
  for (const statement of [
    sql`insert into chat_messages (id, publication_id, author_id, state)
      values (${id}, ${publicationId}, ${ben.userId}, 'said')`,
    sql`insert into chat_messages (id, publication_id, question_id, state)
      values (${id}, ${publicationId}, ${messageId}, 'writing')`,
    sql`insert into chat_contents (message_id, publication_id, position, text)
      values (${messageId}, ${publicationId}, 1, ${text})`,
    sql`update chat_contents set text = ${text} where message_id = ${messageId}`,
  ]) {
    await expect(asAnn(statement)).rejects.toMatchObject({ cause: { code: "42501" } });
  }
});

test("S0.4 S0.5 the role of a channel reads the rows of that channel, and no other table", async () => {
  const [paper, other] = [await rig.found(ben), await rig.found(ben)];
  await write(paper, ben, "Here.");
  await write(other, ben, "Elsewhere.");
  const idsOf = async ({ publicationId }: Paper) =>
    (await rig.site.contexts.read(ben)((ctx) => listContents(ctx, { publicationId }))).map(
      ({ id }) => id,
    );
  const [here, elsewhere] = [await idsOf(paper), await idsOf(other)];
  const { database } = rig.site;
  const chat = channels.chat({ publicationId: paper.publicationId }).name;
  const epochs = { accessEpochs: async () => new Map() };
  const read = createEntityReads(database, epochs, keys).find(chat, "chat.content");
  expect([...((await read?.([...here, ...elsewhere])) ?? new Map()).keys()]).toEqual(here);

  const counts = (table: string, topic = chat) =>
    database
      .asTopic(topic, (tx) => tx.execute<{ n: number }>(`select count(*)::int as n from ${table}`))
      .then(
        ([row]) => row?.n,
        (error: { cause?: { code?: string } }) => error.cause?.code,
      );
  expect(await counts("chat_contents")).toBe(1);
  expect(await counts("chat_contents", "")).toBe(0);
  expect(await counts("chat_contents", `chart.${paper.publicationId}`)).toBe(0);
  expect(await counts("reader_minutes")).toBe(0);
  const tables = await rig.site.owner<{ name: string }[]>`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
      and relname not in ('chat_contents', 'reader_minutes', 'observations')`;
  expect(tables.length).toBeGreaterThan(30);
  for (const { name } of tables) expect([name, await counts(name)]).toEqual([name, "42501"]);
});

test("the job counts the readers of a minute once, corrects a number, and publishes its id", async () => {
  const paper = await rig.found(ben);
  const { publicationId } = paper;
  const [articleId, otherId] = [randomUUID(), randomUUID()];
  await rig.site.owner`
    insert into articles (id, author_id, slug, title, body, published_at, publication_id)
    select id, ${ben.userId}, id, 'An article', 'Words.', now() - interval '1 day', ${publicationId}
    from unnest(${[articleId, otherId]}::uuid[]) as id`;
  const due = new Date(Math.floor(Date.now() / 60_000) * 60_000);
  const view = (visitor: string, article = articleId) => rig.site.owner`
    insert into article_views (article_id, visitor, viewed_at)
    values (${article}, ${visitor.padEnd(20, "x")}, ${due}::timestamptz - interval '1 ms')`;
  const run = (at = due) => rig.site.contexts.job((ctx) => countReaders(ctx, at));
  const shown = () => rig.site.contexts.read(ben)((ctx) => listReaders(ctx, { publicationId }));
  await view("one");
  await view("two");
  await view("one", otherId);
  await run();
  const [minute] = await shown();
  expect(minute).toMatchObject({ readers: 2, version: 1 });
  await run();
  expect(await shown()).toEqual([minute]);
  await view("three");
  await run(new Date(due.getTime() - 500)); // a timer that fired early
  expect(await shown()).toMatchObject([{ id: minute?.id, readers: 3, version: 2 }]);
  const counted = ["readers.counted", { minuteId: minute?.id }];
  expect(await signalsOn(channels.chart({ publicationId }).name)).toEqual([counted, counted]);
});

test("S1.6 the end of a membership moves the chat and the chart to other wire names", async () => {
  const paper = await rig.found(ben);
  await paper.join(rea);
  const names = ["chat", "chart"].map((kind) => `${kind}.${paper.publicationId}`);
  const epochs = () => rig.site.owner`
    select channel, epoch from querycast.access_epochs where channel in ${rig.site.owner(names)} order by channel`;
  const before = await epochs();
  await rig.site.owner`
    delete from publication_members where publication_id = ${paper.publicationId} and user_id = ${rea.userId}`;
  const after = await epochs();
  expect(after.map(({ channel }) => channel)).toEqual(names.toSorted());
  expect(after).not.toEqual(before);
});
