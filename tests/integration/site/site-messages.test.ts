import { randomUUID } from "node:crypto";
import { channel, defineChannels, fields } from "querycast";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { channels } from "@/channels/index.ts";
import { announce } from "@/features/admin/announcements/announce.ts";
import { findDraft } from "@/features/articles/write/find-draft.ts";
import { saveArticle } from "@/features/articles/write/save-article.ts";
import { describeReplier } from "@/features/comments/describe-replier.ts";
import { readReport } from "@/features/dashboard/read-report.ts";
import { writeDailyReports } from "@/features/dashboard/write-daily-reports.ts";
import { createWakeSignal } from "@/lib/wake-signal.ts";
import { createContexts } from "@/wiring/create-contexts.ts";
import { createRolloutRig, memberOf, type RolloutRig } from "../../support/rigs/rollout-rig.ts";
import { idOf, viewers } from "../../support/rows/rls-rows.ts";
import { createSendingProcess } from "../../support/site/sending-process.ts";

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
        resourceType: "article",
        resourceId: idOf(label),
        targetId: idOf("comment"),
        isTyping: true,
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

test("S4.8 a saved article makes its preview read again, which only its author may, and saving the same text sends nothing", async () => {
  const { contexts, ephemeral } = createSendingProcess(rig.site.database);
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
  const { contexts, replayed, ephemeral } = createSendingProcess(rig.site.database);
  await rig.site.owner`delete from daily_reports`;
  await rig.site.owner`insert into article_views (article_id, day, visitor)
    values (${idOf("article")}, current_date - 1, 'visitor-of-yesterday')`;
  await rig.site.owner`update reactions set created_at = now() - interval '1 day'
    where article_id = ${idOf("article")}`;
  const rows = () => rig.site.owner`select user_id, views, reactions from daily_reports`;
  await writeDailyReports(contexts.job);
  const written = await rows();
  expect(written.find(({ user_id: id }) => id === ann.userId)).toMatchObject({
    views: 1,
    reactions: 1,
  });
  await expect.poll(() => ephemeral.size()).toBe(written.length);
  await writeDailyReports(contexts.job);
  expect(await rows()).toHaveLength(written.length);
  expect(replayed(channels.report({ userId: ann.userId }).name)).toEqual([]); // no replay

  const own = await rig.site.contexts.read(ann)(readReport);
  expect(own).toMatchObject({ views: 1, reactions: 1 });
  const { name } = channels.report({ userId: ann.userId });
  expect(await rig.join(memberOf(ann), name)).toEqual(["joined"]);
  expect(await rig.join(memberOf(ben), name)).toEqual(["denied"]);
});

test("the report of an author that cannot be written holds up no other, and the next run writes it", async () => {
  const { contexts } = createSendingProcess(rig.site.database);
  const { owner } = rig.site;
  const authors = async () =>
    (await owner`select user_id as id from daily_reports order by 1`).map(({ id }) => id);
  await owner`insert into articles (author_id, slug, title, body, published_at)
    values (${ben.userId}, 'older-words', 'Older words', 'Words.', now() - interval '2 days')`;
  await writeDailyReports(contexts.job);
  const all = await authors();
  expect(all).toEqual(expect.arrayContaining([ann.userId, ben.userId]));
  for (const refused of [ann.userId, ben.userId]) {
    await owner`delete from daily_reports`;
    await owner.unsafe(`
      create function public.refuse() returns trigger language plpgsql as $$
        begin raise exception 'This row is refused.'; end $$;
      create trigger refused before insert on daily_reports for each row
        when (new.user_id = '${refused}') execute function public.refuse()`);
    await expect(writeDailyReports(contexts.job)).rejects.toThrow(
      `1 of ${all.length} daily reports were not written.`,
    );
    expect(await authors()).toEqual(all.filter((id) => id !== refused));
    await owner.unsafe("drop trigger refused on daily_reports; drop function public.refuse()");
    await writeDailyReports(contexts.job);
    expect(await authors()).toEqual(all);
  }
});

test("S4.7 the activity holds the last 20 acts with ids and handles, for admins only, and moves when an admin is demoted", async () => {
  const { contexts, replayed } = createSendingProcess(rig.site.database);
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
