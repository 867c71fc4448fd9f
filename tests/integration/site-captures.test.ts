import { randomUUID } from "node:crypto";
import { createSignalInspector } from "querycast/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { channels } from "@/channels/index.ts";
import { toSql } from "@/db/to-sql.ts";
import { listSkipped } from "@/features/admin/signals/list-skipped.ts";
import { captures } from "@/wiring/captures.ts";
import type { OperatorContext } from "@/wiring/context-types.ts";
import { createSiteDatabase, type SiteDatabase } from "../support/site-database.ts";
import { foundPublication } from "./publications-rig.ts";
import { idOf, insertRows, viewers } from "./rls-rows.ts";

/** The captured tables of the site, on its migrated database: each capture and each of its operations has a case. */

const { ann, ben, rea } = viewers;
let site: SiteDatabase;
let publicationId: string;
let writerRole: string;
beforeAll(async () => {
  site = await createSiteDatabase();
  await insertRows(site.ownerUrl);
  const team = await foundPublication(site, ben);
  publicationId = team.publicationId;
  writerRole = await team.roleId("Writer");
  await team.join(ann);
});
afterAll(() => site.close());

/** A signal: channel, name and ids. */
type Expected = readonly [channel: { readonly name: string }, name: string, ids: object | null];
interface Case {
  /** e.g. `articles insert` */
  readonly of: string;
  write(): Promise<unknown>;
  expected(): readonly Expected[];
}

/** The row that the cases of one table insert, update and delete. */
const id = randomUUID();
const article = idOf("article");
const user = (userId: string) => channels.user({ userId });
const onAnn = (name: string, ids: object): Expected => [user(ann.userId), name, ids];
const sql = (text: TemplateStringsArray, ...values: readonly string[]) =>
  site.owner(text, ...values);

const articleSignals = (name: string) => onAnn(name, { articleId: id });
const discussed = () => [onAnn("article.discussed", { articleId: article })];
const reactedTo = () => [onAnn("article.reacted-to", { articleId: article })];
const ofMember = (team: string, own: string): readonly Expected[] => [
  [channels.team({ publicationId }), team, { userId: rea.userId }],
  [user(rea.userId), own, { publicationId }],
];
const ofRole = (name: string): readonly Expected[] => [
  [channels.team({ publicationId }), name, { roleId: id }],
];
const ofInvitation = (name: string): readonly Expected[] => [
  [channels.team({ publicationId }), name, { publicationId }],
  [user(rea.userId), name, { invitationId: id }],
];
const submissionId = randomUUID();
const ofSubmission = (name: string): readonly Expected[] => [
  onAnn(name, { submissionId }),
  [channels.desk({ publicationId }), name, { submissionId }],
];
const ofSubmissionPage = (name: string): Expected => [
  channels.submission({ submissionId }),
  name,
  { submissionId },
];
/** On the channel of the assignee, of the submission's author and of the desk. */
const ofTask = (name: string): readonly Expected[] => [
  [user(rea.userId), name, { taskId: id }],
  onAnn(name, { taskId: id }),
  [channels.desk({ publicationId }), name, { taskId: id }],
];
const ofTaskPage = (name: string): Expected => [
  channels.submission({ submissionId }),
  name,
  { taskId: id },
];

/** In the order in which they run: rows of a case are used by the next ones of its table. */
const cases: readonly Case[] = [
  {
    of: "articles insert",
    write: () => sql`insert into articles (id, author_id, slug, title, body, publication_id)
      values (${id}, ${ann.userId}, 'captured', 'Captured', 'Words.', ${publicationId})`,
    expected: () => [articleSignals("article.created")],
  },
  {
    of: "articles update",
    write: () => sql`update articles set title = 'Changed' where id = ${id}`,
    expected: () => [
      articleSignals("article.updated"),
      [channels.publication({ publicationId }), "feed.changed", { articleId: id }],
    ],
  },
  {
    of: "articles delete",
    write: () => sql`delete from articles where id = ${id}`,
    expected: () => [
      articleSignals("article.deleted"),
      [channels.publication({ publicationId }), "feed.changed", { articleId: id }],
    ],
  },
  {
    of: "comments insert",
    write: () => sql`insert into comments (id, article_id, author_id, body)
      values (${id}, ${article}, ${rea.userId}, 'Words.')`,
    expected: discussed,
  },
  {
    of: "comments delete",
    write: () => sql`delete from comments where id = ${id}`,
    expected: discussed,
  },
  {
    of: "reactions insert",
    write: () => sql`insert into reactions (id, article_id, user_id, kind)
      values (${id}, ${article}, ${ben.userId}, 'like')`,
    expected: reactedTo,
  },
  {
    of: "reactions delete",
    write: () => sql`delete from reactions where id = ${id}`,
    expected: reactedTo,
  },
  {
    of: "article_views insert",
    write: () => sql`insert into article_views (article_id, visitor)
      values (${article}, 'a digest of a visitor')`,
    expected: () => [onAnn("article.viewed", { articleId: article })],
  },
  {
    of: "sessions insert",
    write: () => sql`insert into sessions (id, user_id, expires_at)
      values (${id}, ${ann.userId}, now() + interval '1 day')`,
    expected: () => [onAnn("session.started", { sessionId: id })],
  },
  {
    of: "sessions update",
    write: () => sql`update sessions set revoked_at = now() where id = ${id}`,
    expected: () => [onAnn("session.revoked", { sessionId: id })],
  },
  {
    of: "users update",
    write: () => sql`update users set role = 'reader' where id = ${ben.userId}`,
    expected: () => [[user(ben.userId), "role.changed", null]],
  },
  {
    of: "notifications delete",
    write: () => sql`delete from notifications where id = ${idOf("notification to ann")}`,
    expected: () => [[user(ann.userId), "notification.deleted", null]],
  },
  {
    of: "publications update",
    write: () => sql`update publications set name = 'Another' where id = ${publicationId}`,
    expected: () => [
      [channels.publication({ publicationId }), "publication.updated", { publicationId }],
    ],
  },
  {
    of: "publication_members insert",
    write: () => sql`insert into publication_members (publication_id, user_id)
      values (${publicationId}, ${rea.userId})`,
    expected: () => ofMember("member.joined", "membership.started"),
  },
  {
    of: "publication_member_roles insert",
    write: () => sql`insert into publication_member_roles
      values (${publicationId}, ${rea.userId}, ${writerRole})`,
    expected: () => ofMember("member.role-given", "membership.changed"),
  },
  {
    of: "publication_member_roles delete",
    write: () => sql`delete from publication_member_roles
      where publication_id = ${publicationId} and user_id = ${rea.userId}`,
    expected: () => ofMember("member.role-taken", "membership.changed"),
  },
  {
    of: "publication_members delete",
    write: () => sql`delete from publication_members
      where publication_id = ${publicationId} and user_id = ${rea.userId}`,
    expected: () => ofMember("member.left", "membership.ended"),
  },
  {
    of: "publication_roles insert",
    write: () => sql`insert into publication_roles (id, publication_id, name)
      values (${id}, ${publicationId}, 'Proofreader')`,
    expected: () => ofRole("role.created"),
  },
  {
    of: "publication_roles update",
    write: () => sql`update publication_roles set name = 'Copy editor' where id = ${id}`,
    expected: () => ofRole("role.updated"),
  },
  {
    of: "publication_roles delete",
    write: () => sql`delete from publication_roles where id = ${id}`,
    expected: () => ofRole("role.deleted"),
  },
  {
    of: "publication_invitations insert",
    write: () => sql`insert into publication_invitations
        (id, publication_id, email, role_id, token_hash, invited_by, expires_at)
      values (${id}, ${publicationId}, 'rea@example.org', ${writerRole}, 'a hash', ${ben.userId},
        now() + interval '1 day')`,
    expected: () => ofInvitation("invitation.created"),
  },
  {
    of: "publication_invitations update",
    write: () => sql`update publication_invitations set status = 'revoked', answered_at = now()
      where id = ${id}`,
    expected: () => ofInvitation("invitation.updated"),
  },
  {
    of: "publication_invitations delete",
    write: () => sql`delete from publication_invitations where id = ${id}`,
    expected: () => ofInvitation("invitation.deleted"),
  },
  {
    of: "submissions insert",
    write: () => sql`insert into submissions (id, publication_id, article_id, author_id, state)
      values (${submissionId}, ${publicationId}, ${idOf("scheduled")}, ${ann.userId}, 'submitted')`,
    expected: () => ofSubmission("submission.created"),
  },
  {
    of: "submissions update",
    write: () => sql`update submissions set state = 'in_review' where id = ${submissionId}`,
    expected: () => [...ofSubmission("submission.updated"), ofSubmissionPage("submission.updated")],
  },
  {
    of: "submission_tasks insert",
    write:
      () => sql`insert into submission_tasks (id, publication_id, submission_id, kind, assignee_id)
      values (${id}, ${publicationId}, ${submissionId}, 'revise', ${rea.userId})`,
    expected: () => [...ofTask("task.created"), ofTaskPage("task.created")],
  },
  {
    of: "submission_tasks update",
    write: () =>
      sql`update submission_tasks set status = 'done', closed_at = now() where id = ${id}`,
    expected: () => [...ofTask("task.updated"), ofTaskPage("task.updated")],
  },
  {
    of: "submission_tasks delete",
    write: () => sql`delete from submission_tasks where id = ${id}`,
    expected: () => ofTask("task.deleted"),
  },
  {
    of: "submissions delete",
    write: () => sql`delete from submissions where id = ${submissionId}`,
    expected: () => [...ofSubmission("submission.deleted"), ofSubmissionPage("submission.deleted")],
  },
  {
    of: "observations insert",
    write:
      () => sql`insert into observations (publication_id, number, statement, source_name, event_at,
        ingested_at, clearance, ingest_key, previous_hash, hash, signature, key_id)
      values (${publicationId}, 1, 'A ship arrived.', 'A source', now(), now(), 'public', 'seed:1', '',
        ${"1".repeat(64)}, '', '')`,
    expected: () => [
      [channels.publication({ publicationId }), "observation.added", { publicationId }],
    ],
  },
];

/** What the captures declare: an operation of a table, the kind of channel and the name of the signal. */
const declared = captures.flatMap(({ table, on, pattern }) =>
  Object.entries(on).map(([operation, { name }]) => ({
    of: `${table.name} ${operation}`,
    kind: pattern.split(".")[0] ?? "",
    name,
  })),
);
const kindOf = (channel: string) => channel.split(".")[0] ?? "";

test("S1.1 the cases below are all captures and operations of the site", () => {
  const covered = cases.flatMap(({ of, expected }) =>
    expected().map(([channel, name]) => `${of}: ${name} on ${kindOf(channel.name)}`),
  );
  const all = declared.map(({ of, kind, name }) => `${of}: ${name} on ${kind}`);
  expect(covered.sort()).toEqual(all.sort());
});

test.each(cases.map((each) => [each.of, each] as const))(
  "S1.1 %s publishes the operation with ids on the channel of each capture",
  async (_of, { of, write, expected }) => {
    await site.newSignals({ toAuthors: true });
    await write();
    const captured = declared.filter((each) => each.of === of);
    const signals = (await site.newSignals({ toAuthors: true })).filter(({ channel, name }) =>
      captured.some((each) => each.kind === kindOf(channel) && each.name === name),
    );
    const sorted = (list: readonly object[]) => list.map((each) => JSON.stringify(each)).sort();
    expect(sorted(signals)).toEqual(
      sorted(expected().map(([channel, name, ids]) => ({ channel: channel.name, name, ids }))),
    );
  },
);

test("a row that names no channel is written, and counted for admins by table and signal", async () => {
  const signals = createSignalInspector({
    sql: (text, ...values) => site.database.asRelay(async (tx) => toSql(tx)(text, ...values)),
  });
  const counted = async () => {
    const rows = await listSkipped({ signals } as OperatorContext);
    return rows.find(({ table, signal }) => `${table} ${signal}` === onGist);
  };
  const onGist = "public.comments article.discussed";
  const before = (await counted())?.rows ?? 0;
  await sql`insert into comments (id, gist_id, author_id, body)
    values (${id}, ${idOf("gist")}, ${rea.userId}, 'Words.')`;
  expect(await sql`select from comments where id = ${id}`).toHaveLength(1);
  expect(await counted()).toEqual({
    ...{ table: "public.comments", signal: "article.discussed", rows: before + 1 },
    lastAt: expect.stringMatching(/^\d{4}-.*Z$/),
  });
});
