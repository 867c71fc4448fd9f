import { randomUUID } from "node:crypto";
import type postgres from "postgres";
import { channels } from "@/channels/index.ts";
import { idOf, viewers } from "../../support/rows/rls-rows.ts";

const { ann, ben, rea } = viewers;

/** A signal: channel, name and ids. */
export type Expected = readonly [
  channel: { readonly name: string },
  name: string,
  ids: object | null,
];
export interface Case {
  /** e.g. `articles insert` */
  readonly of: string;
  write(): Promise<unknown>;
  expected(): readonly Expected[];
}

/** The site whose tables the cases write to, with one of its publications. Read when a case runs. */
interface Site {
  /** As the owner of the tables. */
  readonly sql: (
    text: TemplateStringsArray,
    ...values: readonly string[]
  ) => postgres.PendingQuery<postgres.Row[]>;
  readonly publicationId: string;
  readonly writerRole: string;
}

/** The row that the cases of one table insert, update and delete. */
export const id = randomUUID();

/**
 * A case for each captured table and operation, in the order in which they run: rows of a case are used by the next ones
 * of its table.
 */
export function createCaptureCases(site: Site): readonly Case[] {
  const publication = () => ({ publicationId: site.publicationId });
  const article = idOf("article");
  const user = (userId: string) => channels.user({ userId });
  const onAnn = (name: string, ids: object): Expected => [user(ann.userId), name, ids];
  const articleSignals = (name: string) => onAnn(name, { articleId: id });
  const discussed = () => [onAnn("article.discussed", { articleId: article })];
  const reactedTo = () => [onAnn("article.reacted-to", { articleId: article })];
  const ofMember = (team: string, own: string): readonly Expected[] => [
    [channels.team(publication()), team, { userId: rea.userId }],
    [user(rea.userId), own, publication()],
  ];
  const ofRole = (name: string): readonly Expected[] => [
    [channels.team(publication()), name, { roleId: id }],
  ];
  const ofInvitation = (name: string): readonly Expected[] => [
    [channels.team(publication()), name, publication()],
    [user(rea.userId), name, { invitationId: id }],
  ];
  const submissionId = randomUUID();
  const ofSubmission = (name: string): readonly Expected[] => [
    onAnn(name, { submissionId }),
    [channels.desk(publication()), name, { submissionId }],
  ];
  const ofSubmissionPage = (name: string): Expected => [
    channels.submission({ submissionId }),
    name,
    { submissionId },
  ];
  const ofFeeds = (): readonly Expected[] => [
    [channels.team(publication()), "feeds.changed", publication()],
  ];
  const ofAnswer = () => [onAnn("answer.changed", { answerId: id })];
  /** On the channel of the assignee, of the submission's author and of the desk. */
  const ofTask = (name: string): readonly Expected[] => [
    [user(rea.userId), name, { taskId: id }],
    onAnn(name, { taskId: id }),
    [channels.desk(publication()), name, { taskId: id }],
  ];
  const ofTaskPage = (name: string): Expected => [
    channels.submission({ submissionId }),
    name,
    { taskId: id },
  ];

  return [
    {
      of: "articles insert",
      write: () => site.sql`insert into articles (id, author_id, slug, title, body, publication_id)
      values (${id}, ${ann.userId}, 'captured', 'Captured', 'Words.', ${site.publicationId})`,
      expected: () => [
        articleSignals("article.created"),
        [channels.publication(publication()), "feed.changed", { articleId: id }],
      ],
    },
    {
      of: "articles update",
      write: () => site.sql`update articles set title = 'Changed' where id = ${id}`,
      expected: () => [
        articleSignals("article.updated"),
        [channels.publication(publication()), "feed.changed", { articleId: id }],
      ],
    },
    {
      of: "articles delete",
      write: () => site.sql`delete from articles where id = ${id}`,
      expected: () => [
        articleSignals("article.deleted"),
        [channels.publication(publication()), "feed.changed", { articleId: id }],
      ],
    },
    {
      of: "comments insert",
      write: () => site.sql`insert into comments (id, article_id, author_id, body)
      values (${id}, ${article}, ${rea.userId}, 'Words.')`,
      expected: discussed,
    },
    {
      of: "comments delete",
      write: () => site.sql`delete from comments where id = ${id}`,
      expected: discussed,
    },
    {
      of: "reactions insert",
      write: () => site.sql`insert into reactions (id, article_id, user_id, kind)
      values (${id}, ${article}, ${ben.userId}, 'like')`,
      expected: reactedTo,
    },
    {
      of: "reactions delete",
      write: () => site.sql`delete from reactions where id = ${id}`,
      expected: reactedTo,
    },
    {
      of: "article_views insert",
      write: () => site.sql`insert into article_views (article_id, visitor)
      values (${article}, 'a digest of a visitor')`,
      expected: () => [onAnn("article.viewed", { articleId: article })],
    },
    {
      of: "sessions insert",
      write: () => site.sql`insert into sessions (id, user_id, expires_at)
      values (${id}, ${ann.userId}, now() + interval '1 day')`,
      expected: () => [onAnn("session.started", { sessionId: id })],
    },
    {
      of: "sessions update",
      write: () => site.sql`update sessions set revoked_at = now() where id = ${id}`,
      expected: () => [onAnn("session.revoked", { sessionId: id })],
    },
    {
      of: "users update",
      write: () => site.sql`update users set role = 'reader' where id = ${ben.userId}`,
      expected: () => [[user(ben.userId), "role.changed", null]],
    },
    {
      of: "notifications delete",
      write: () => site.sql`delete from notifications where id = ${idOf("notification to ann")}`,
      expected: () => [[user(ann.userId), "notification.deleted", null]],
    },
    {
      of: "publications update",
      write: () =>
        site.sql`update publications set name = 'Another' where id = ${site.publicationId}`,
      expected: () => [[channels.publication(publication()), "publication.updated", publication()]],
    },
    {
      of: "publication_members insert",
      write: () => site.sql`insert into publication_members (publication_id, user_id)
      values (${site.publicationId}, ${rea.userId})`,
      expected: () => ofMember("member.joined", "membership.started"),
    },
    {
      of: "publication_member_roles insert",
      write: () => site.sql`insert into publication_member_roles
      values (${site.publicationId}, ${rea.userId}, ${site.writerRole})`,
      expected: () => ofMember("member.role-given", "membership.changed"),
    },
    {
      of: "publication_member_roles delete",
      write: () => site.sql`delete from publication_member_roles
      where publication_id = ${site.publicationId} and user_id = ${rea.userId}`,
      expected: () => ofMember("member.role-taken", "membership.changed"),
    },
    {
      of: "publication_members delete",
      write: () => site.sql`delete from publication_members
      where publication_id = ${site.publicationId} and user_id = ${rea.userId}`,
      expected: () => ofMember("member.left", "membership.ended"),
    },
    {
      of: "publication_roles insert",
      write: () => site.sql`insert into publication_roles (id, publication_id, name)
      values (${id}, ${site.publicationId}, 'Proofreader')`,
      expected: () => ofRole("role.created"),
    },
    {
      of: "publication_roles update",
      write: () => site.sql`update publication_roles set name = 'Copy editor' where id = ${id}`,
      expected: () => ofRole("role.updated"),
    },
    {
      of: "publication_roles delete",
      write: () => site.sql`delete from publication_roles where id = ${id}`,
      expected: () => ofRole("role.deleted"),
    },
    {
      of: "publication_invitations insert",
      write: () => site.sql`insert into publication_invitations
        (id, publication_id, email, role_id, token_hash, invited_by, expires_at)
      values (${id}, ${site.publicationId}, 'rea@example.org', ${site.writerRole}, 'a hash', ${ben.userId},
        now() + interval '1 day')`,
      expected: () => ofInvitation("invitation.created"),
    },
    {
      of: "publication_invitations update",
      write:
        () => site.sql`update publication_invitations set status = 'revoked', answered_at = now()
      where id = ${id}`,
      expected: () => ofInvitation("invitation.updated"),
    },
    {
      of: "publication_invitations delete",
      write: () => site.sql`delete from publication_invitations where id = ${id}`,
      expected: () => ofInvitation("invitation.deleted"),
    },
    {
      of: "submissions insert",
      write:
        () => site.sql`insert into submissions (id, publication_id, article_id, author_id, state)
      values (${submissionId}, ${site.publicationId}, ${idOf("scheduled")}, ${ann.userId}, 'submitted')`,
      expected: () => ofSubmission("submission.created"),
    },
    {
      of: "submissions update",
      write: () => site.sql`update submissions set state = 'in_review' where id = ${submissionId}`,
      expected: () => [
        ...ofSubmission("submission.updated"),
        ofSubmissionPage("submission.updated"),
      ],
    },
    {
      of: "submission_tasks insert",
      write:
        () => site.sql`insert into submission_tasks (id, publication_id, submission_id, kind, assignee_id)
      values (${id}, ${site.publicationId}, ${submissionId}, 'revise', ${rea.userId})`,
      expected: () => [...ofTask("task.created"), ofTaskPage("task.created")],
    },
    {
      of: "submission_tasks update",
      write: () =>
        site.sql`update submission_tasks set status = 'done', closed_at = now() where id = ${id}`,
      expected: () => [...ofTask("task.updated"), ofTaskPage("task.updated")],
    },
    {
      of: "submission_tasks delete",
      write: () => site.sql`delete from submission_tasks where id = ${id}`,
      expected: () => ofTask("task.deleted"),
    },
    {
      of: "submissions delete",
      write: () => site.sql`delete from submissions where id = ${submissionId}`,
      expected: () => [
        ...ofSubmission("submission.deleted"),
        ofSubmissionPage("submission.deleted"),
      ],
    },
    {
      of: "observations insert",
      write:
        () => site.sql`insert into observations (publication_id, number, statement, source_name, event_at,
        ingested_at, clearance, ingest_key, previous_hash, hash, signature, key_id)
      values (${site.publicationId}, 1, 'A ship arrived.', 'A source', now(), now(), 'public', 'seed:1', '',
        ${"1".repeat(64)}, '', '')`,
      expected: () => [
        [channels.publication(publication()), "observation.added", publication()],
        [
          channels.figures({ clearance: "public", ...publication() }),
          "figures.added",
          { observationId: "1" },
        ],
      ],
    },
    {
      of: "evidence_feeds insert",
      write: () => site.sql`insert into evidence_feeds (id, publication_id, name, url)
      values (${id}, ${site.publicationId}, 'A feed', 'https://feed.example')`,
      expected: ofFeeds,
    },
    {
      of: "evidence_feeds update",
      write: () =>
        site.sql`update evidence_feeds set error = 'The feed is not JSON.' where id = ${id}`,
      expected: ofFeeds,
    },
    {
      of: "evidence_feeds delete",
      write: () => site.sql`delete from evidence_feeds where id = ${id}`,
      expected: ofFeeds,
    },
    {
      of: "analyst_answers insert",
      write:
        () => site.sql`insert into analyst_answers (id, publication_id, asker_id, question, reasoner)
      values (${id}, ${site.publicationId}, ${ann.userId}, 'A question?', 'built-in')`,
      expected: ofAnswer,
    },
    {
      of: "analyst_answers update",
      write: () => site.sql`update analyst_answers
      set answer = 'An answer.', grounded = false, answered_at = now() where id = ${id}`,
      expected: ofAnswer,
    },
  ];
}
