import { randomUUID } from "node:crypto";
import type { MessageFrame } from "querycast";
import { channel, defineChannels, fields } from "querycast";
import { createEphemeral } from "querycast/server";
import { createFakeClock } from "querycast/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { channels } from "@/channels/index.ts";
import type { Viewer } from "@/db/viewer.ts";
import { announce } from "@/features/admin/announcements/announce.ts";
import { repeatAnnouncements } from "@/features/admin/announcements/repeat-announcements.ts";
import { announceInput } from "@/features/admin/announcements/schema.ts";
import { withdraw } from "@/features/admin/announcements/withdraw.ts";
import { getAnnouncement } from "@/features/announcements/get-announcement.ts";
import { findDraft } from "@/features/articles/find-draft.ts";
import { saveArticle } from "@/features/articles/save-article.ts";
import { describeReplier } from "@/features/comments/describe-replier.ts";
import { readReport } from "@/features/dashboard/read-report.ts";
import { writeDailyReports } from "@/features/dashboard/write-daily-reports.ts";
import { finishImport } from "@/features/imports/finish-import.ts";
import { getImport } from "@/features/imports/get-import.ts";
import { importFile, refuseFile } from "@/features/imports/import-file.ts";
import { findImport, listOpenFiles } from "@/features/imports/open-files.ts";
import { startImport } from "@/features/imports/start-import.ts";
import { createWakeSignal } from "@/lib/wake-signal.ts";
import { createContexts } from "@/wiring/create-contexts.ts";
import { createRolloutRig, memberOf, type RolloutRig } from "../support/rollout-rig.ts";
import { idOf, viewers } from "./rls-rows.ts";

/** The messages of Inkwell on ephemeral channels, over its own policies. */

const { anonymous, ann, rea, ben, kay } = viewers;
let rig: RolloutRig;
beforeAll(async () => {
  rig = await createRolloutRig();
});
beforeEach(() => rig.clear());
afterAll(() => rig.close());

const status = channel("status", { ephemeral: {} }).message(
  "status.set",
  fields({ value: "number" }),
);
const example = defineChannels({ status }).status({});
const setTo = (value: number) => ({ type: "status.set", fields: { value } }) as const;

test("an action and a job send messages after their commit, in order, and none when they fail", async () => {
  const sent: string[] = [];
  const errors: unknown[] = [];
  const contexts = createContexts({
    database: rig.site.database,
    publish: async () => {},
    jobWakeSignal: createWakeSignal(),
    sendMessage: async (ref, message) => {
      const { value } = message.fields as { value: number };
      if (value === 0) throw new Error("refused");
      const [row] = await rig.site.owner`select name from users where id = ${rea.userId}`;
      sent.push(`${ref.name} ${value} ${row?.name}`);
    },
    onSendFailed: (error) => errors.push(error),
  });
  const rename = (value: number) => `Rea ${value}`;
  const nothing = contexts.write(rea)(async ({ send }) => {
    send(example, setTo(1));
    throw new Error("rolled back");
  });
  await expect(nothing).rejects.toThrow("rolled back");
  await contexts.write(rea)(async ({ tx, send }) => {
    send(example, setTo(0));
    for (const value of [2, 3]) send(example, setTo(value));
    await tx.execute(`update users set name = '${rename(3)}'`);
  });
  await contexts.job(async ({ send }) => send(example, setTo(4)));
  await expect
    .poll(() => [...sent].sort())
    .toEqual(["status 2 Rea 3", "status 3 Rea 3", "status 4 Rea 3"]);
  expect(errors).toEqual([new Error("refused")]);
});

test("S4.7 only viewers who may read a page see who is replying on it, and send that they reply", async () => {
  const pages = ["article", "draft", "unknown"].map((label) => idOf(label));
  const names = pages.map(
    (resourceId) => channels.replying({ resourceType: "article", resourceId }).name,
  );
  expect(await rig.join(memberOf(ann), ...names)).toEqual(["joined", "joined", "denied"]);
  expect(await rig.join(memberOf(rea), ...names)).toEqual(["joined", "denied", "denied"]);
  const say = (viewer: Parameters<typeof rig.site.contexts.read>[0], label: string) =>
    rig.site.contexts.read(viewer)((ctx) =>
      describeReplier(ctx, {
        ...{ resourceType: "article", resourceId: idOf(label) },
        ...{ targetId: idOf("comment"), isTyping: true },
      }),
    );
  expect(await say(ben, "article")).toEqual({
    type: "reply.typed",
    fields: { targetId: idOf("comment"), userId: ben.userId, handle: "ben" },
  });
  await expect(say(rea, "draft")).rejects.toMatchObject({ code: "not_found" });
  await expect(say(anonymous, "article")).rejects.toMatchObject({ code: "unauthenticated" });
});

test("S3.9 after an article was unpublished, notes who is replying on it go to another wire name", async () => {
  const epochOf = async (name: string) => {
    const [row] = await rig.site.owner`
      select coalesce(max(epoch), 0)::int as epoch from querycast.access_epochs where channel = ${name}`;
    return Number(row?.epoch);
  };
  const { name } = channels.replying({
    resourceType: "article",
    resourceId: idOf("article of ben"),
  });
  const before = await epochOf(name);
  await rig.site
    .owner`update articles set published_at = null where id = ${idOf("article of ben")}`;
  expect(await epochOf(name)).toBeGreaterThan(before);
});

/** The process of the site that sends: its ephemeral channels, without subscribers, and contexts that send on them. */
function newProcess() {
  const clock = createFakeClock();
  const ephemeral = createEphemeral({
    channels,
    log: { accessEpochs: async (names) => new Map(names.map((name) => [name, 0])) },
    broker: null,
    clock,
  });
  const contexts = createContexts({
    database: rig.site.database,
    publish: async () => {},
    jobWakeSignal: createWakeSignal(),
    sendMessage: ephemeral.send,
  });
  const replayed = (channel: string) =>
    ephemeral.replay(channel).map(({ data }) => JSON.parse(data) as MessageFrame);
  return { clock, ephemeral, contexts, replayed };
}

const announcement = channels.announcement({});
const read = (viewer: Viewer) => rig.site.contexts.read(viewer)(getAnnouncement);

test("S4.8 the job repeats the announcement in force, and neither a replay nor a read shows one that is over", async () => {
  await rig.site.owner`delete from announcements`;
  const { clock, contexts, replayed } = newProcess();
  await contexts.write(kay)((ctx) => announce(ctx, { text: "The first", minutes: 5 }));
  await contexts.write(kay)((ctx) => announce(ctx, { text: "Restart at 14:00", minutes: 5 }));
  const texts = () => replayed(announcement.name).map(({ fields }) => fields.text);
  await expect.poll(texts).toEqual(["Restart at 14:00"]);
  expect(await read(anonymous)).toMatchObject({ text: "Restart at 14:00" });
  expect(await read(kay)).toMatchObject({ text: "Restart at 14:00" });

  await clock.advance(149_000);
  expect(texts()).toHaveLength(1);
  await contexts.job(repeatAnnouncements);
  await clock.advance(149_000);
  expect(texts()).toEqual(["Restart at 14:00"]);

  const [row] = await rig.site.owner`select id from announcements where withdrawn_at is null`;
  await contexts.write(kay)((ctx) => withdraw(ctx, { announcementId: row?.id }));
  await expect
    .poll(() => replayed(announcement.name).map(({ type }) => type))
    .toEqual(["maintenance.withdrawn"]);
  expect(await read(anonymous)).toBeNull();
  expect(await read(kay)).toBeNull();
  await contexts.job(repeatAnnouncements);
  await clock.advance(150_000);
  expect(replayed(announcement.name)).toEqual([]);
  const again = contexts.write(kay)((ctx) => withdraw(ctx, { announcementId: row?.id }));
  await expect(again).rejects.toMatchObject({ code: "conflict" });

  await rig.site.owner`insert into announcements (text, created_at, ends_at)
    values ('Over', now() - interval '2 minutes', now() - interval '1 minute')`;
  await contexts.job(repeatAnnouncements);
  expect(replayed(announcement.name)).toEqual([]);
  const notes = await rig.site
    .owner`select action from audit_log where action like 'announcement.%'`;
  expect(notes.map(({ action }) => action).sort()).toEqual([
    "announcement.made",
    "announcement.made",
    "announcement.withdrawn",
  ]);
});

test("an announcement is written by admins only, and its longest text fits into a message", async () => {
  const { contexts, replayed } = newProcess();
  const by = (viewer: typeof ann | typeof kay, text: string) =>
    contexts.write(viewer)((ctx) => announce(ctx, announceInput.parse({ text, minutes: 1 })));
  await expect(by(ann, "Mine")).rejects.toMatchObject({ code: "forbidden" });
  for (const character of ["語", '"', "\\", "💧"]) {
    const text = `.${character.repeat(198 / character.length)}.`;
    await by(kay, text);
    await expect
      .poll(() => replayed(announcement.name).map(({ fields }) => fields.text))
      .toEqual([text]);
  }
  expect(() => announceInput.parse({ text: "two\nlines", minutes: 1 })).toThrow("one line");
});

test("S4.7 an import makes drafts of its owner only, its progress is readable by them only, and its result stays after lost messages and repeated steps", async () => {
  const { contexts, replayed } = newProcess();
  const importId = randomUUID();
  const { name } = channels.import({ importId });
  const files = [
    { name: "one.md", body: "---\ntitle: One\ntags: tag, unknown\n---\nText of one" },
    { name: "two.md", body: "" },
    { name: "three.md", body: "# Three\n\nText of three" },
  ];
  const start = (viewer: typeof ann | typeof rea) =>
    contexts.write(viewer)((ctx) => startImport(ctx, { importId, files }));
  await expect(start(rea)).rejects.toMatchObject({ code: "forbidden" });
  await start(ann);
  await start(ann); // a repeated request
  const requests = await rig.site
    .owner`select data from job_requests where id = ${`import:${importId}`}`;
  expect(requests).toMatchObject([{ data: { importId } }]);
  expect(await rig.join(memberOf(ann), name)).toEqual(["joined"]);
  expect(await rig.join(memberOf(ben), name)).toEqual(["denied"]);

  const ownerId = await contexts.job((ctx) => findImport(ctx, importId));
  expect(ownerId).toBe(ann.userId);
  const open = await contexts.write(ann)((ctx) => listOpenFiles(ctx, importId));
  for (const file of open) {
    await contexts.write(ann)((ctx) => importFile(ctx, file));
    await contexts.write(ann)((ctx) => importFile(ctx, file)); // a repeated step
  }
  await expect
    .poll(() => replayed(name).map(({ fields }) => fields))
    .toEqual([{ done: 3, total: 3 }]);
  const read = (viewer: Viewer) =>
    rig.site.contexts.read(viewer)((ctx) => getImport(ctx, { importId }));
  await expect(read(ben)).rejects.toMatchObject({ code: "not_found" });
  expect((await read(ann)).finishedAt).toBeNull();
  await contexts.write(ann)((ctx) => finishImport(ctx, importId));
  await contexts.write(ann)((ctx) => finishImport(ctx, importId));
  await expect
    .poll(() => replayed(name).map(({ type, fields }) => ({ type, fields })))
    .toEqual([{ type: "import.finished", fields: { drafts: 2, failed: 1 } }]);

  const result = await read(ann);
  expect(result.finishedAt).not.toBeNull();
  expect(result.files).toMatchObject([
    { name: "one.md", state: "draft", title: "One", note: expect.stringContaining("unknown") },
    { name: "two.md", state: "failed", articleId: null, note: "The file has no text." },
    { name: "three.md", state: "draft", title: "Three", note: null },
  ]);
  const drafts = await rig.site.owner`
    select title, body, author_id, published_at, (select count(*)::int from article_tags where article_id = id) as tags
    from articles where title in ('One', 'Three') order by title`;
  const draft = { author_id: ann.userId, published_at: null };
  expect(drafts).toMatchObject([
    { ...draft, title: "One", body: "Text of one", tags: 1 },
    { ...draft, title: "Three", body: "Text of three", tags: 0 },
  ]);
  const [kept] = await rig.site
    .owner`select max(length(body)) as longest from import_files where import_id = ${importId}`;
  expect(kept?.longest).toBe(0);
});

test("a draft of an import that was deleted since, and a file that failed for good, are named in the result", async () => {
  const { contexts } = newProcess();
  const importId = randomUUID();
  const files = ["one.md", "two.md"].map((name) => ({ name, body: "Text" }));
  await contexts.write(ann)((ctx) => startImport(ctx, { importId, files }));
  const [one = "", two = ""] = await contexts.write(ann)((ctx) => listOpenFiles(ctx, importId));
  await contexts.write(ann)((ctx) => importFile(ctx, one));
  await contexts.write(ann)((ctx) => refuseFile(ctx, two));
  await rig.site.owner`delete from articles where id = ${one}`;
  const result = await rig.site.contexts.read(ann)((ctx) => getImport(ctx, { importId }));
  expect(result.files).toMatchObject([
    { name: "one.md", state: "removed", articleId: null },
    { name: "two.md", state: "failed", note: expect.stringContaining("Import it again") },
  ]);
});

test("S4.8 a saved article makes its preview read again, which only its author may, and saving the same text sends nothing", async () => {
  const { contexts, ephemeral } = newProcess();
  const sent: string[] = [];
  const articleId = randomUUID();
  const { name } = channels.preview({ articleId });
  const recording = createContexts({
    database: rig.site.database,
    publish: async () => {},
    jobWakeSignal: createWakeSignal(),
    sendMessage: async (ref, message) => {
      await ephemeral.send(ref, message);
      sent.push(`${ref.name} ${message.type}`);
    },
  });
  const text = { title: "A", excerpt: "", body: "Text", slug: "", tagIds: [] };
  const first = await contexts.write(ann)((ctx) =>
    saveArticle(ctx, { articleId, basedOn: null, ...text }),
  );
  const save = (basedOn: string, body: string) =>
    recording.write(ann)((ctx) => saveArticle(ctx, { articleId, basedOn, ...text, body }));
  await save(first.version, "Text");
  const { version } = await save(first.version, "More text");
  await save(version, "More text");
  await expect.poll(() => sent).toEqual([`${name} article.saved`]);
  expect(await rig.join(memberOf(ann), name)).toEqual(["joined"]);
  for (const other of [ben, kay]) {
    expect(await rig.join(memberOf(other), name)).toEqual(["denied"]);
    const draft = await rig.site.contexts.read(other)((ctx) => findDraft(ctx, { articleId }));
    expect(draft).toBeNull();
  }
  // Published articles are readable by all, and their preview is still the author's.
  const published = channels.preview({ articleId: idOf("article") }).name;
  expect(await rig.join(memberOf(ben), published)).toEqual(["denied"]);
});

test("S4.11 a job writes yesterday's report of each author once, and sends it to that author", async () => {
  const { contexts, replayed, ephemeral } = newProcess();
  await rig.site.owner`delete from daily_reports`;
  await rig.site.owner`insert into article_views (article_id, day, visitor)
    values (${idOf("article")}, current_date - 1, 'visitor-of-yesterday')`;
  await rig.site.owner`update reactions set created_at = now() - interval '1 day'
    where article_id = ${idOf("article")}`;
  const rows = () => rig.site.owner`select user_id, views, reactions from daily_reports`;
  await contexts.job(writeDailyReports);
  const written = await rows();
  expect(written.find(({ user_id: id }) => id === ann.userId)).toMatchObject({
    views: 1,
    reactions: 1,
  });
  await expect.poll(() => ephemeral.size()).toBe(written.length);
  await contexts.job(writeDailyReports);
  expect(await rows()).toHaveLength(written.length);
  expect(replayed(channels.report({ userId: ann.userId }).name)).toEqual([]); // no replay

  const own = await rig.site.contexts.read(ann)(readReport);
  expect(own).toMatchObject({ views: 1, reactions: 1 });
  const { name } = channels.report({ userId: ann.userId });
  expect(await rig.join(memberOf(ann), name)).toEqual(["joined"]);
  expect(await rig.join(memberOf(ben), name)).toEqual(["denied"]);
});

test("S4.7 the activity holds the last 20 acts with ids and handles, for admins only, and moves when an admin is demoted", async () => {
  const { contexts, replayed } = newProcess();
  const { name } = channels.activity({});
  for (let minutes = 1; minutes <= 21; minutes += 1) {
    await contexts.write(kay)((ctx) => announce(ctx, { text: "Secret words", minutes }));
  }
  await expect.poll(() => replayed(name)).toHaveLength(20);
  const acts = replayed(name);
  expect(acts[0]).toMatchObject({
    type: "admin.acted",
    fields: { actorId: kay.userId, handle: "kay", action: "announcement.made" },
  });
  expect(JSON.stringify(acts)).not.toContain("Secret words");
  expect(await rig.join(memberOf(kay), name)).toEqual(["joined"]);
  for (const other of [ann, rea]) expect(await rig.join(memberOf(other), name)).toEqual(["denied"]);

  const epoch = async () => {
    const [row] = await rig.site.owner`
      select coalesce(max(epoch), 0)::int as epoch from querycast.access_epochs where channel = ${name}`;
    return Number(row?.epoch);
  };
  const before = await epoch();
  await rig.site.owner`update users set role = 'admin' where id = ${ben.userId}`;
  await rig.site.owner`update users set role = 'author' where id = ${ben.userId}`;
  expect(await epoch()).toBeGreaterThan(before);
});
