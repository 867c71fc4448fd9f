import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { channels } from "@/channels/index.ts";
import { countUnread, listUnread } from "@/features/desk/count-unread.ts";
import { unreadCountedAtMost } from "@/features/desk/limits.ts";
import { markSeen } from "@/features/desk/mark-seen.ts";
import { say } from "@/features/desk/say.ts";
import { createPublicationsRig, type Member } from "../../support/rigs/publications-rig.ts";
import { viewers } from "../../support/rows/rls-rows.ts";
import { messagesOf } from "./messages-of.ts";

const { anonymous, ann, ben, kay, rea } = viewers;

let rig: Awaited<ReturnType<typeof createPublicationsRig>>;
beforeAll(async () => {
  rig = await createPublicationsRig();
});
afterAll(() => rig?.close());

/** A publication of ben with the members ann and rea. */
async function setUp() {
  const paper = await rig.found(ben);
  await paper.join(ann);
  await paper.join(rea);
  const { publicationId } = paper;
  const { read, write } = rig.site.contexts;
  /** The number for this publication, which is the same in the counts of all publications. */
  const unread = async (viewer: Member | typeof anonymous) => {
    const [one, all] = [
      await read(viewer)((ctx) => countUnread(ctx, { publicationId })),
      await read(viewer)(listUnread),
    ];
    expect(all[publicationId] ?? 0).toBe(one);
    return one;
  };
  return {
    publicationId,
    unread,
    write: async (member: Member) => {
      const messageId = randomUUID();
      await write(member)((ctx) =>
        say(ctx, { publicationId, messageId, text: "Words.", isQuestion: false }),
      );
      return messageId;
    },
    /** Marks the last message that the member can read, or another one. */
    see: async (member: Member, messageId?: string) => {
      const messages = await read(member)((ctx) => messagesOf(ctx, { publicationId }));
      const last = messageId ?? messages.at(-1)?.id ?? randomUUID();
      await write(member)((ctx) => markSeen(ctx, { publicationId, messageId: last }));
    },
    /** Names and ids of the signals on a channel. */
    signalsOn: async (channel: string, name: string) => {
      const rows = await rig.site.owner<{ ids: string }[]>`
        select ids from querycast.signals where channel = ${channel} and name = ${name}
        order by xid, position`;
      return rows.map(({ ids }) => JSON.parse(ids) as Record<string, string>);
    },
  };
}

test("messages of others are unread for each member until that member has seen them", async () => {
  const { unread, write, see } = await setUp();
  const counts = async () => [await unread(ben), await unread(ann), await unread(rea)];
  expect(await counts()).toEqual([0, 0, 0]);
  const first = await write(ben);
  await write(ann);
  expect(await counts()).toEqual([1, 1, 2]);
  await see(rea);
  expect(await counts()).toEqual([1, 1, 0]);
  await write(ben);
  expect(await counts()).toEqual([1, 2, 1]);
  // A tab that shows an older message takes nothing back.
  await see(rea);
  await see(rea, first);
  expect(await counts()).toEqual([1, 2, 0]);
});

test("a new message and a visit are signals with ids alone, and a visit that changes nothing sends none", async () => {
  const { publicationId, write, see, signalsOn } = await setUp();
  const messageId = await write(ben);
  const team = channels.team({ publicationId }).name;
  expect(await signalsOn(team, "chat.message-added")).toEqual([{ messageId }]);
  const seen = async () =>
    (await signalsOn(channels.user({ userId: ann.userId }).name, "desk.seen")).filter(
      (ids) => ids.publicationId === publicationId,
    );
  await see(ann);
  expect(await seen()).toEqual([{ publicationId }]);
  await see(ann);
  expect(await seen()).toEqual([{ publicationId }]);
});

test("people who are no members have no unread messages, and write no visit", async () => {
  const { publicationId, unread, write, see } = await setUp();
  const messageId = await write(ben);
  expect([await unread(anonymous), await unread(kay)]).toEqual([0, 0]);
  await see(kay, messageId);
  // A message of another publication marks nothing here.
  const other = await setUp();
  await see(ann, await other.write(ben));
  expect(
    await rig.site.owner`select from desk_visits where publication_id = ${publicationId}`,
  ).toEqual([]);
});

test("a member writes no visit of another person, and a visit ends with the membership", async () => {
  const { publicationId, write, see, unread } = await setUp();
  await write(ben);
  await see(ann);
  const asRea = (statement: ReturnType<typeof sql>) =>
    rig.site.contexts.write(rea)(({ tx }) => tx.execute(statement));
  for (const userId of [ann.userId, ben.userId]) {
    await expect(
      asRea(sql`insert into desk_visits values (${publicationId}, ${userId}, now())`),
    ).rejects.toMatchObject({ cause: { code: "42501" } });
  }
  await asRea(sql`update desk_visits set seen_at = '2020-01-01' where user_id = ${ann.userId}`);
  expect(await unread(ann)).toBe(0);
  const visits = () =>
    rig.site.owner`select user_id from desk_visits where publication_id = ${publicationId}`;
  expect(await visits()).toHaveLength(1);
  await rig.site.owner`
    delete from publication_members where publication_id = ${publicationId} and user_id = ${ann.userId}`;
  expect(await visits()).toEqual([]);
});

test("messages before a membership are not unread, and counting has a limit", async () => {
  const { publicationId, unread } = await setUp();
  const { owner } = rig.site;
  await owner`
    insert into chat_messages (id, publication_id, author_id, state, created_at)
    select gen_random_uuid(), ${publicationId}, ${ben.userId}, 'said', '2026-01-01'::timestamptz + n * interval '1 minute'
    from generate_series(1, 150) as n`;
  const joinAfter = (member: Member, minutes: number) => owner`
    update publication_members
    set joined_at = '2026-01-01'::timestamptz + ${minutes}::int * interval '1 minute'
    where publication_id = ${publicationId} and user_id = ${member.userId}`;
  await joinAfter(ann, 147);
  await joinAfter(rea, 0);
  expect(await unread(ann)).toBe(3);
  expect(await unread(rea)).toBe(unreadCountedAtMost);
});
