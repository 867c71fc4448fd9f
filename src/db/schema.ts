import { sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  pgEnum,
  pgSchema,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import type { KindOptions } from "querycast/server";
import { clearances, type Figure } from "../lib/evidence/observation.ts";
import { submissionStates, taskKinds } from "../lib/publications/process.ts";

const id = () => uuid("id").primaryKey().default(sql`gen_random_uuid()`);
const at = (name: string) => timestamp(name, { withTimezone: true });
const createdAt = () => at("created_at").notNull().defaultNow();
const updatedAt = () => at("updated_at").notNull().defaultNow();

export const userRole = pgEnum("user_role", ["reader", "author", "admin"]);
/** Pages that can be commented on and bookmarked. */
export const resourceType = pgEnum("resource_type", ["article", "gist"]);
/** Targets of reactions. */
export const reactableType = pgEnum("reactable_type", ["article", "gist", "comment"]);
export const reactionKind = pgEnum("reaction_kind", [
  "like",
  "love",
  "insightful",
  "laugh",
  "surprise",
  "support",
]);
export const notificationType = pgEnum("notification_type", [
  "comment_on_article",
  "comment_on_gist",
  "reply_to_comment",
  "reaction_on_article",
  "reaction_on_gist",
  "reaction_on_comment",
  "comment_on_followed",
  "publication_invitation",
  "submission_task",
  "submission_published",
]);

export const users = pgTable(
  "users",
  {
    id: id(),
    handle: text("handle").notNull().unique(),
    name: text("name").notNull(),
    bio: text("bio").notNull().default(""),
    avatarUrl: text("avatar_url"),
    role: userRole("role").notNull().default("reader"),
    createdAt: createdAt(),
  },
  (table) => [check("users_handle_spelling", sql`${table.handle} ~ '^[a-z0-9][a-z0-9_-]{1,29}$'`)],
);

/** Sign-in secrets, in a separate table so that no read of a profile can return them. */
export const credentials = pgTable(
  "credentials",
  {
    userId: uuid("user_id")
      .primaryKey()
      .references(() => users.id, { onDelete: "cascade" }),
    /** Lower case, so that one e-mail has one account. */
    email: text("email").notNull().unique(),
    /** When the account showed that its person receives the e-mails of this address; null for accounts by sign-up. */
    emailProvedAt: at("email_proved_at"),
    /** argon2id, PHC string; null for accounts that sign in with a provider only. */
    passwordHash: text("password_hash"),
    githubId: text("github_id").unique(),
  },
  (table) => [check("credentials_email_lower_case", sql`${table.email} = lower(${table.email})`)],
);

export const sessions = pgTable(
  "sessions",
  {
    id: id(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    userAgent: text("user_agent").notNull().default(""),
    address: text("address").notNull().default(""),
    createdAt: createdAt(),
    lastSeenAt: at("last_seen_at").notNull().defaultNow(),
    expiresAt: at("expires_at").notNull(),
    revokedAt: at("revoked_at"),
  },
  (table) => [
    index().on(table.userId),
    index("sessions_unended").on(table.expiresAt).where(sql`${table.revokedAt} is null`),
  ],
);

export const articles = pgTable(
  "articles",
  {
    id: id(),
    authorId: uuid("author_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    slug: text("slug").notNull().unique(),
    title: text("title").notNull(),
    excerpt: text("excerpt").notNull().default(""),
    body: text("body").notNull(),
    /** Null while a draft. */
    publishedAt: at("published_at"),
    /** When a deleted article will be removed. Until then only its author can see and restore it. */
    deleteAt: at("delete_at"),
    /** The publication that published it. Set by its editorial process. */
    publicationId: uuid("publication_id").references((): AnyPgColumn => publications.id, {
      onDelete: "set null",
    }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    index().on(table.authorId),
    index("articles_of_publication").on(table.publicationId, table.publishedAt),
    index().on(table.publishedAt, table.id),
    index("articles_to_delete").on(table.deleteAt).where(sql`${table.deleteAt} is not null`),
  ],
);

/** One row per article, day and visitor, so that a visitor counts once a day. */
export const articleViews = pgTable(
  "article_views",
  {
    articleId: uuid("article_id")
      .notNull()
      .references(() => articles.id, { onDelete: "cascade" }),
    day: date("day").notNull().default(sql`current_date`),
    /** A keyed digest that changes daily. It distinguishes visitors and does not identify them. */
    visitor: text("visitor").notNull(),
    viewedAt: at("viewed_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.articleId, table.day, table.visitor] }),
    index().on(table.viewedAt),
    check("article_views_visitor", sql`length(${table.visitor}) between 16 and 64`),
  ],
);

export const gists = pgTable(
  "gists",
  {
    id: id(),
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    title: text("title").notNull(),
    description: text("description").notNull().default(""),
    visibility: text("visibility", { enum: ["public", "private"] })
      .notNull()
      .default("public"),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    check("gists_visibility", sql`${table.visibility} in ('public', 'private')`),
    index().on(table.ownerId),
  ],
);

export const gistFiles = pgTable(
  "gist_files",
  {
    id: id(),
    gistId: uuid("gist_id")
      .notNull()
      .references(() => gists.id, { onDelete: "cascade" }),
    filename: text("filename").notNull(),
    language: text("language").notNull().default("text"),
    content: text("content").notNull(),
    position: integer("position").notNull().default(0),
  },
  (table) => [unique().on(table.gistId, table.filename)],
);

/**
 * The rendering of an article's text or of a gist file. Valid while `digest` matches the text; see
 * docs/decisions/0030.
 */
export const renderings = pgTable(
  "renderings",
  {
    id: id(),
    articleId: uuid("article_id")
      .unique()
      .references(() => articles.id, { onDelete: "cascade" }),
    gistFileId: uuid("gist_file_id")
      .unique()
      .references(() => gistFiles.id, { onDelete: "cascade" }),
    digest: text("digest").notNull(),
    /** HTML from the renderer, which escapes and sanitises. Null: the text is shown without formatting. */
    html: text("html"),
    reason: text("reason", { enum: ["too_slow", "too_large", "failed"] }),
    /** Number of attempts to render this text. */
    attempts: integer("attempts").notNull().default(1),
    renderedAt: at("rendered_at").notNull().defaultNow(),
  },
  (table) => [
    check("renderings_one_source", sql`num_nonnulls(${table.articleId}, ${table.gistFileId}) = 1`),
    check("renderings_one_outcome", sql`num_nonnulls(${table.html}, ${table.reason}) = 1`),
  ],
);

export const tags = pgTable("tags", {
  id: id(),
  slug: text("slug").notNull().unique(),
  name: text("name").notNull(),
  description: text("description").notNull().default(""),
});

export const articleTags = pgTable(
  "article_tags",
  {
    articleId: uuid("article_id")
      .notNull()
      .references(() => articles.id, { onDelete: "cascade" }),
    tagId: uuid("tag_id")
      .notNull()
      .references(() => tags.id, { onDelete: "cascade" }),
  },
  (table) => [primaryKey({ columns: [table.articleId, table.tagId] }), index().on(table.tagId)],
);

/**
 * A comment belongs to an article or a gist: exactly one of the two foreign keys is set, so the database
 * checks the reference. Replies have the foreign key of the page too, and the foreign keys to the parent
 * include it: a reply is always on the page of its parent.
 */
export const comments = pgTable(
  "comments",
  {
    id: id(),
    articleId: uuid("article_id").references(() => articles.id, { onDelete: "cascade" }),
    gistId: uuid("gist_id").references(() => gists.id, { onDelete: "cascade" }),
    parentId: uuid("parent_id"),
    /** Null for a tombstone: see `deletedAt`. */
    authorId: uuid("author_id").references(() => users.id, { onDelete: "cascade" }),
    body: text("body").notNull(),
    createdAt: createdAt(),
    editedAt: at("edited_at"),
    /**
     * Set when a comment with replies by other people was deleted. The row then has neither author nor
     * text.
     */
    deletedAt: at("deleted_at"),
  },
  (table) => [
    check("comments_one_resource", sql`num_nonnulls(${table.articleId}, ${table.gistId}) = 1`),
    check(
      "comments_tombstone",
      sql`case when ${table.deletedAt} is null then ${table.authorId} is not null
        else ${table.authorId} is null and ${table.body} = '' and ${table.editedAt} is null end`,
    ),
    // Target of the foreign keys to the parent, and the index for the comments of a page.
    unique("comments_of_article").on(table.articleId, table.id),
    unique("comments_of_gist").on(table.gistId, table.id),
    foreignKey({
      name: "comments_parent_on_same_article",
      columns: [table.articleId, table.parentId],
      foreignColumns: [table.articleId, table.id],
    }).onDelete("cascade"),
    foreignKey({
      name: "comments_parent_on_same_gist",
      columns: [table.gistId, table.parentId],
      foreignColumns: [table.gistId, table.id],
    }).onDelete("cascade"),
    index().on(table.parentId),
    index().on(table.authorId),
  ],
);

/** How many comments a page has, without tombstones. Has a row for each page that the viewer may read. */
export const articleComments = pgSchema("app")
  .view("article_comments", {
    articleId: uuid("article_id").notNull(),
    comments: integer("comments").notNull(),
  })
  .existing();

export const gistComments = pgSchema("app")
  .view("gist_comments", {
    gistId: uuid("gist_id").notNull(),
    comments: integer("comments").notNull(),
  })
  .existing();

export const reactions = pgTable(
  "reactions",
  {
    id: id(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    kind: reactionKind("kind").notNull(),
    articleId: uuid("article_id").references(() => articles.id, { onDelete: "cascade" }),
    gistId: uuid("gist_id").references(() => gists.id, { onDelete: "cascade" }),
    commentId: uuid("comment_id"),
    /** The page it is on, also when it was given to a comment there. The table's trigger sets it. */
    pageArticleId: uuid("page_article_id"),
    pageGistId: uuid("page_gist_id"),
    createdAt: createdAt(),
  },
  (table) => [
    check(
      "reactions_one_target",
      sql`num_nonnulls(${table.articleId}, ${table.gistId}, ${table.commentId}) = 1`,
    ),
    check(
      "reactions_one_page",
      sql`num_nonnulls(${table.pageArticleId}, ${table.pageGistId}) = 1
        and (${table.articleId} is null or ${table.pageArticleId} is not distinct from ${table.articleId})
        and (${table.gistId} is null or ${table.pageGistId} is not distinct from ${table.gistId})`,
    ),
    foreignKey({
      name: "reactions_comment_on_same_article",
      columns: [table.pageArticleId, table.commentId],
      foreignColumns: [comments.articleId, comments.id],
    }).onDelete("cascade"),
    foreignKey({
      name: "reactions_comment_on_same_gist",
      columns: [table.pageGistId, table.commentId],
      foreignColumns: [comments.gistId, comments.id],
    }).onDelete("cascade"),
    unique("reactions_once")
      .on(table.userId, table.articleId, table.gistId, table.commentId, table.kind)
      .nullsNotDistinct(),
    index().on(table.articleId),
    index().on(table.gistId),
    index().on(table.commentId),
  ],
);

export const bookmarks = pgTable(
  "bookmarks",
  {
    id: id(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    articleId: uuid("article_id").references(() => articles.id, { onDelete: "cascade" }),
    gistId: uuid("gist_id").references(() => gists.id, { onDelete: "cascade" }),
    createdAt: createdAt(),
  },
  (table) => [
    check("bookmarks_one_resource", sql`num_nonnulls(${table.articleId}, ${table.gistId}) = 1`),
    unique("bookmarks_once").on(table.userId, table.articleId, table.gistId).nullsNotDistinct(),
    index().on(table.articleId),
    index().on(table.gistId),
  ],
);

/** Threads that a person follows, to get notified of new comments. */
export const follows = pgTable(
  "follows",
  {
    id: id(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    articleId: uuid("article_id").references(() => articles.id, { onDelete: "cascade" }),
    gistId: uuid("gist_id").references(() => gists.id, { onDelete: "cascade" }),
    createdAt: createdAt(),
  },
  (table) => [
    check("follows_one_resource", sql`num_nonnulls(${table.articleId}, ${table.gistId}) = 1`),
    unique("follows_once").on(table.userId, table.articleId, table.gistId).nullsNotDistinct(),
    index().on(table.articleId),
    index().on(table.gistId),
  ],
);

export const notifications = pgTable(
  "notifications",
  {
    id: id(),
    /** The cause, e.g. `notif:comment:{id}`: one notification per cause, however often the job runs. */
    sourceKey: text("source_key").notNull().unique(),
    recipientId: uuid("recipient_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    actorId: uuid("actor_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    type: notificationType("type").notNull(),
    /** The linked page, and the comment to scroll to. */
    articleId: uuid("article_id").references(() => articles.id, { onDelete: "cascade" }),
    gistId: uuid("gist_id").references(() => gists.id, { onDelete: "cascade" }),
    commentId: uuid("comment_id").references(() => comments.id, { onDelete: "cascade" }),
    submissionId: uuid("submission_id").references(() => submissions.id, { onDelete: "cascade" }),
    invitationId: uuid("invitation_id").references(() => publicationInvitations.id, {
      onDelete: "cascade",
    }),
    createdAt: createdAt(),
    readAt: at("read_at"),
  },
  (table) => [
    check(
      "notifications_one_page",
      sql`num_nonnulls(${table.articleId}, ${table.gistId}, ${table.submissionId}, ${table.invitationId}) = 1`,
    ),
    index().on(table.recipientId, table.createdAt, table.id),
    index("notifications_unread").on(table.recipientId).where(sql`${table.readAt} is null`),
    index().on(table.actorId),
    index().on(table.articleId),
    index().on(table.gistId),
    index().on(table.commentId),
    index().on(table.submissionId),
    index().on(table.invitationId),
  ],
);

/** Teams that publish together. Every viewer can read name and description. */
export const publications = pgTable(
  "publications",
  {
    id: id(),
    slug: text("slug").notNull().unique(),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    founderId: uuid("founder_id").references(() => users.id, { onDelete: "set null" }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    check("publications_slug_spelling", sql`${table.slug} ~ '^[a-z0-9][a-z0-9-]{1,59}$'`),
  ],
);

const publicationId = () =>
  uuid("publication_id")
    .notNull()
    .references(() => publications.id, { onDelete: "cascade" });

/** Roles of a publication: a name and permissions (`src/lib/publications/permissions.ts`). */
export const publicationRoles = pgTable(
  "publication_roles",
  {
    id: id(),
    publicationId: publicationId(),
    name: text("name").notNull(),
    permissions: text("permissions").array().notNull().default(sql`'{}'`),
    /** The role of the founder: all permissions, and it cannot be changed or deleted. */
    isOwner: boolean("is_owner").notNull().default(false),
    createdAt: createdAt(),
  },
  (table) => [
    check(
      "publication_roles_permissions",
      sql`${table.permissions} <@ array['members.manage', 'roles.manage', 'settings.manage',
        'submissions.read', 'submissions.review', 'submissions.approve', 'submissions.publish',
        'evidence.record']`,
    ),
    unique("publication_roles_name").on(table.publicationId, table.name),
    // Target of foreign keys: a role is given in its own publication only.
    unique("publication_roles_of_publication").on(table.publicationId, table.id),
  ],
);

export const publicationMembers = pgTable(
  "publication_members",
  {
    publicationId: publicationId(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    joinedAt: at("joined_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.publicationId, table.userId] }),
    index().on(table.userId),
  ],
);

export const publicationMemberRoles = pgTable(
  "publication_member_roles",
  {
    publicationId: uuid("publication_id").notNull(),
    userId: uuid("user_id").notNull(),
    roleId: uuid("role_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.publicationId, table.userId, table.roleId] }),
    foreignKey({
      name: "publication_member_roles_member",
      columns: [table.publicationId, table.userId],
      foreignColumns: [publicationMembers.publicationId, publicationMembers.userId],
    }).onDelete("cascade"),
    foreignKey({
      name: "publication_member_roles_role",
      columns: [table.publicationId, table.roleId],
      foreignColumns: [publicationRoles.publicationId, publicationRoles.id],
    }).onDelete("cascade"),
    index().on(table.userId),
    index().on(table.roleId),
  ],
);

/** Invitations by e-mail. The link holds a token, of which the digest is stored. */
export const publicationInvitations = pgTable(
  "publication_invitations",
  {
    id: id(),
    publicationId: publicationId(),
    /** Lower case, as in `credentials`. */
    email: text("email").notNull(),
    roleId: uuid("role_id").notNull(),
    tokenHash: text("token_hash").notNull().unique(),
    invitedBy: uuid("invited_by")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** The account that had the e-mail at the time of the invitation. A trigger sets it. */
    inviteeId: uuid("invitee_id").references(() => users.id, { onDelete: "set null" }),
    status: text("status", { enum: ["open", "accepted", "declined", "revoked"] })
      .notNull()
      .default("open"),
    createdAt: createdAt(),
    expiresAt: at("expires_at").notNull(),
    answeredAt: at("answered_at"),
    /** Whether its e-mail was sent. Null: the site sends none. */
    mailState: text("mail_state", { enum: ["waiting", "sent", "failed"] }),
    /** The token, encrypted, until the e-mail was sent. */
    sealedToken: text("sealed_token"),
  },
  (table) => [
    check(
      "publication_invitations_mail_state",
      sql`${table.mailState} in ('waiting', 'sent', 'failed')`,
    ),
    check(
      "publication_invitations_sealed_token",
      sql`(${table.sealedToken} is not null) = (${table.mailState} is not distinct from 'waiting')`,
    ),
    check("publication_invitations_email", sql`${table.email} = lower(${table.email})`),
    check(
      "publication_invitations_status",
      sql`${table.status} in ('open', 'accepted', 'declined', 'revoked')`,
    ),
    foreignKey({
      name: "publication_invitations_role",
      columns: [table.publicationId, table.roleId],
      foreignColumns: [publicationRoles.publicationId, publicationRoles.id],
    }).onDelete("cascade"),
    uniqueIndex("publication_invitations_one_open")
      .on(table.publicationId, table.email)
      .where(sql`${table.status} = 'open'`),
    index().on(table.email),
    index().on(table.roleId),
    index().on(table.invitedBy),
    index().on(table.inviteeId),
  ],
);

/** An article on its way through the editorial process of a publication (`src/lib/publications/process.ts`). */
export const submissions = pgTable(
  "submissions",
  {
    id: id(),
    publicationId: publicationId(),
    articleId: uuid("article_id")
      .notNull()
      .references(() => articles.id, { onDelete: "cascade" }),
    authorId: uuid("author_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    state: text("state", { enum: submissionStates }).notNull().default("draft"),
    /** Note of the last step. A trigger copies it to the timeline. */
    note: text("note").notNull().default(""),
    /** When the job publishes it; set in the state `scheduled`. */
    scheduledFor: at("scheduled_for"),
    /** `updated_at` of the article when it was approved. A trigger sets it. */
    approvedVersion: at("approved_version"),
    /** When the text was last changed during the process. A trigger on `articles` sets it. */
    textChangedAt: at("text_changed_at"),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    check(
      "submissions_state",
      sql`${table.state} in ('draft', 'submitted', 'in_review', 'changes_requested', 'resubmitted',
        'approved', 'scheduled', 'published', 'withdrawn')`,
    ),
    check(
      "submissions_schedule",
      sql`(${table.state} = 'scheduled') = (${table.scheduledFor} is not null)`,
    ),
    uniqueIndex("submissions_one_open")
      .on(table.articleId)
      .where(sql`${table.state} not in ('published', 'withdrawn')`),
    index().on(table.publicationId, table.updatedAt),
    index().on(table.articleId),
    index().on(table.authorId),
    index("submissions_due").on(table.scheduledFor).where(sql`${table.state} = 'scheduled'`),
  ],
);

/** The timeline of a submission. Written by a trigger on `submissions`, and never changed. */
export const submissionEvents = pgTable(
  "submission_events",
  {
    id: id(),
    submissionId: uuid("submission_id")
      .notNull()
      .references(() => submissions.id, { onDelete: "cascade" }),
    /** Null: the schedule. */
    actorId: uuid("actor_id").references(() => users.id, { onDelete: "set null" }),
    fromState: text("from_state", { enum: submissionStates }),
    toState: text("to_state", { enum: submissionStates }).notNull(),
    note: text("note").notNull().default(""),
    createdAt: at("created_at").notNull().default(sql`clock_timestamp()`),
  },
  (table) => [index().on(table.submissionId, table.createdAt), index().on(table.actorId)],
);

/** What has to be done for a submission: by one person, or by the holders of a permission. */
export const submissionTasks = pgTable(
  "submission_tasks",
  {
    id: id(),
    publicationId: publicationId(),
    submissionId: uuid("submission_id")
      .notNull()
      .references(() => submissions.id, { onDelete: "cascade" }),
    kind: text("kind", { enum: taskKinds }).notNull(),
    /** The permission that the task requires. Null: only the assignee can do it. */
    permission: text("permission"),
    assigneeId: uuid("assignee_id").references(() => users.id, { onDelete: "set null" }),
    status: text("status", { enum: ["open", "done", "dropped"] })
      .notNull()
      .default("open"),
    createdAt: at("created_at").notNull().default(sql`clock_timestamp()`),
    /** Null: the schedule. */
    createdBy: uuid("created_by").references(() => users.id, { onDelete: "set null" }),
    closedAt: at("closed_at"),
    closedBy: uuid("closed_by").references(() => users.id, { onDelete: "set null" }),
  },
  (table) => [
    check(
      "submission_tasks_kind",
      sql`${table.kind} in ('submit', 'review', 'revise', 'approve', 'publish')`,
    ),
    check("submission_tasks_status", sql`${table.status} in ('open', 'done', 'dropped')`),
    check("submission_tasks_closed", sql`(${table.status} = 'open') = (${table.closedAt} is null)`),
    uniqueIndex("submission_tasks_one_open")
      .on(table.submissionId, table.kind)
      .where(sql`${table.status} = 'open'`),
    index().on(table.publicationId, table.status),
    index().on(table.assigneeId),
    index().on(table.createdBy),
    index().on(table.closedBy),
  ],
);

/** Articles of submissions, for viewers who may read the submission. See `app.submitted_articles`. */
export const submittedArticles = pgSchema("app")
  .view("submitted_articles", {
    submissionId: uuid("submission_id").notNull(),
    articleId: uuid("article_id").notNull(),
    slug: text("slug").notNull(),
    title: text("title").notNull(),
    excerpt: text("excerpt").notNull(),
    body: text("body").notNull(),
    /** Whether everyone may read the article. */
    isPublic: boolean("is_public").notNull(),
    /** Whether the viewer may read the text. Slug, excerpt and body are empty otherwise. */
    isReadable: boolean("is_readable").notNull(),
    updatedAt: at("updated_at").notNull(),
  })
  .existing();

/**
 * The evidence log of a publication. Rows are signed and chained (`src/lib/evidence/signing.ts`), and never changed: a
 * trigger refuses it for every role. `app.check_observation` checks that a new row continues the chain.
 */
export const observations = pgTable(
  "observations",
  {
    publicationId: uuid("publication_id")
      .notNull()
      .references(() => publications.id),
    number: integer("number").notNull(),
    statement: text("statement").notNull(),
    figures: jsonb("figures").$type<readonly Figure[]>().notNull().default([]),
    sourceName: text("source_name").notNull(),
    sourceUrl: text("source_url"),
    /** When it happened. */
    eventAt: at("event_at").notNull(),
    /** When the site learnt it. */
    ingestedAt: at("ingested_at").notNull(),
    clearance: text("clearance", { enum: clearances }).notNull(),
    /** The observation that this one corrects. */
    corrects: integer("corrects"),
    /** Null: a feed. No foreign key, since deleting an account would change a signed row. */
    recordedBy: uuid("recorded_by"),
    ingestKey: text("ingest_key").notNull(),
    previousHash: text("previous_hash").notNull(),
    hash: text("hash").notNull(),
    signature: text("signature").notNull(),
    keyId: text("key_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.publicationId, table.number] }),
    foreignKey({
      name: "observations_corrects",
      columns: [table.publicationId, table.corrects],
      foreignColumns: [table.publicationId, table.number],
    }),
    unique("observations_ingested_once").on(table.publicationId, table.ingestKey),
    check("observations_clearance", sql`${table.clearance} in ('public', 'member', 'editor')`),
    check("observations_corrects_earlier", sql`${table.corrects} < ${table.number}`),
    check("observations_figures", sql`jsonb_typeof(${table.figures}) = 'array'`),
    check("observations_ingest_key", sql`${table.ingestKey} ~ '^(form|file|feed|seed):.{1,255}$'`),
    check("observations_hash", sql`${table.hash} ~ '^[0-9a-f]{64}$'`),
    index().on(table.publicationId, table.eventAt),
    index().on(table.publicationId, table.ingestedAt),
    index().on(table.publicationId, table.corrects),
  ],
);

/** Feeds that a job reads observations from. The operator adds them, since the server calls their URLs. */
export const evidenceFeeds = pgTable(
  "evidence_feeds",
  {
    id: id(),
    publicationId: publicationId(),
    /** Source of its observations. */
    name: text("name").notNull(),
    /** `https://…`, or `built-in:…` for the one of the seed. */
    url: text("url").notNull(),
    /** Clearance of its observations. */
    clearance: text("clearance", { enum: clearances }).notNull().default("member"),
    /** Last attempt to read it. */
    readAt: at("read_at"),
    /** Why the last attempt failed. */
    error: text("error"),
    createdAt: createdAt(),
  },
  (table) => [
    unique("evidence_feeds_once").on(table.publicationId, table.url),
    check("evidence_feeds_clearance", sql`${table.clearance} in ('public', 'member', 'editor')`),
    check("evidence_feeds_url", sql`${table.url} ~ '^(https?://|built-in:)'`),
  ],
);

/** Questions to the analyst. The server writes the answer once, after it has checked the citations. */
export const analystAnswers = pgTable(
  "analyst_answers",
  {
    id: uuid("id").primaryKey(),
    publicationId: publicationId(),
    askerId: uuid("asker_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    question: text("question").notNull(),
    reasoner: text("reasoner").notNull(),
    askedAt: at("asked_at").notNull().defaultNow(),
    /** Null: not answered, or broken off. */
    answer: text("answer"),
    citations: integer("citations").array().notNull().default(sql`'{}'`),
    grounded: boolean("grounded"),
    /** Every observation that the answer was made from. Who cannot read one of them cannot read the answer. */
    basedOn: integer("based_on").array().notNull().default(sql`'{}'`),
    answeredAt: at("answered_at"),
  },
  (table) => [
    check(
      "analyst_answers_answered",
      sql`num_nulls(${table.answer}, ${table.grounded}, ${table.answeredAt}) in (0, 3)`,
    ),
    index().on(table.publicationId, table.askerId, table.askedAt),
    index().on(table.askerId),
  ],
);

/**
 * Outbox of jobs: written in the transaction that makes them necessary, and sent to the job runner
 * afterwards. An action succeeds while the runner is down, and no job is lost.
 */
export const jobRequests = pgTable(
  "job_requests",
  {
    /** Also the event id at the runner, which deduplicates by it. */
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    data: jsonb("data").notNull(),
    createdAt: createdAt(),
    sentAt: at("sent_at"),
  },
  (table) => [index("job_requests_unsent").on(table.createdAt).where(sql`${table.sentAt} is null`)],
);

/**
 * Sign-in and sign-up attempts, counted across processes. The columns are those of rate-limiter-flexible's
 * Postgres store.
 */
export const rateLimits = pgTable("rate_limits", {
  key: text("key").primaryKey(),
  points: integer("points").notNull().default(0),
  /** Milliseconds since 1970. */
  expire: bigint("expire", { mode: "number" }),
});

/** Banned accounts. Inserting a row ends their sessions. */
export const userBans = pgTable("user_bans", {
  userId: uuid("user_id")
    .primaryKey()
    .references(() => users.id, { onDelete: "cascade" }),
  reason: text("reason").notNull().default(""),
  createdBy: uuid("created_by").references(() => users.id, { onDelete: "set null" }),
  createdAt: createdAt(),
});

const stage = () => text("stage", { enum: ["off", "staff", "percent", "on"] });
const isStage = (table: { stage: AnyPgColumn; percent: AnyPgColumn }) =>
  sql`case ${table.stage} when 'percent' then coalesce(${table.percent} between 0 and 100, false) else ${table.percent} is null and ${table.stage} in ('off', 'staff', 'on') end`;
const changedBy = () => uuid("changed_by").references(() => users.id, { onDelete: "set null" });

/** Rollout of a phase, when it differs from the default of the environment. */
export const phaseSettings = pgTable(
  "phase_settings",
  {
    phase: integer("phase").primaryKey(),
    stage: stage().notNull(),
    percent: integer("percent"),
    changedBy: changedBy(),
    updatedAt: updatedAt(),
  },
  (table) => [
    check("phase_settings_stage", isStage(table)),
    check("phase_settings_phase", sql`${table.phase} >= 1`),
  ],
);

/** Rollout, audience and limits of a channel kind, when they differ from the defaults. */
export const channelSettings = pgTable(
  "channel_settings",
  {
    kind: text("kind").primaryKey(),
    /** Null: default of the environment. */
    stage: stage(),
    percent: integer("percent"),
    /** An audience of `src/channels/audiences.ts`. It restricts the rule and never extends it. */
    audience: text("audience").notNull().default("everyone"),
    /** A check of the table limits the names and the values. */
    options: jsonb("options").$type<KindOptions>().notNull().default({}),
    changedBy: changedBy(),
    updatedAt: updatedAt(),
  },
  (table) => [check("channel_settings_stage", isStage(table))],
);

/** A person who may not receive a channel, or a channel that no one may receive. */
export const channelBans = pgTable(
  "channel_bans",
  {
    id: id(),
    /** Null: all people are banned. */
    userId: uuid("user_id").references(() => users.id, { onDelete: "cascade" }),
    /** Name of a channel; null: the person is banned from all channels. */
    channel: text("channel"),
    reason: text("reason").notNull().default(""),
    createdBy: uuid("created_by").references(() => users.id, { onDelete: "set null" }),
    createdAt: createdAt(),
  },
  (table) => [
    check("channel_bans_somebody", sql`num_nonnulls(${table.userId}, ${table.channel}) > 0`),
    unique("channel_bans_once").on(table.userId, table.channel).nullsNotDistinct(),
  ],
);

/**
 * Recent channel joins. A hint for admins: rows may be lost, and leaving is often not recorded. Unlogged,
 * so empty after a crash.
 */
export const channelJoins = pgTable(
  "channel_joins",
  {
    channel: text("channel").notNull(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    joinedAt: at("joined_at").notNull().defaultNow(),
    /** When the channel had no subscription left; null when the broker has not reported it. */
    vacatedAt: at("vacated_at"),
  },
  (table) => [
    primaryKey({ columns: [table.channel, table.userId] }),
    index().on(table.userId),
    index().on(table.joinedAt),
  ],
);

/** The last report of the leading relay: one row. */
export const relayReport = pgTable("relay_report", {
  isOnly: boolean("is_only").primaryKey().default(true),
  /** Name of the process, e.g. `host:4711`. */
  leader: text("leader").notNull(),
  leadingSince: at("leading_since").notNull(),
  /** Consecutive failures; 0 after a success. */
  failures: integer("failures").notNull().default(0),
  lastError: text("last_error"),
  lastErrorAt: at("last_error_at"),
});

/** Apps at the broker. During a rotation the new app is current and the old one accepted. */
export const brokerApps = pgTable(
  "broker_apps",
  {
    id: text("id").primaryKey(),
    key: text("key").notNull().unique(),
    /** Encrypted with the secret of the server. */
    secret: text("secret").notNull(),
    status: text("status", { enum: ["current", "accepted", "retired"] }).notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    check("broker_apps_status", sql`${table.status} in ('current', 'accepted', 'retired')`),
    uniqueIndex("broker_apps_one_current").on(table.status).where(sql`${table.status} = 'current'`),
  ],
);

/** Changes made by admins and refused joins. Rows are never changed. */
export const auditLog = pgTable(
  "audit_log",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    at: at("at").notNull().defaultNow(),
    /** Null: signed out, or the site itself. No foreign key, since the entry outlives the account. */
    actorId: uuid("actor_id"),
    /** `noun.verb-in-the-past`, e.g. `phase.changed` or `join.denied`. */
    action: text("action").notNull(),
    /** Target of the action, e.g. a channel or a person. */
    subject: text("subject").notNull(),
    detail: jsonb("detail").notNull().default({}),
  },
  (table) => [
    check("audit_log_action", sql`${table.action} ~ '^[a-z-]+[.][a-z-]+$'`),
    index().on(table.at),
    index().on(table.actorId),
    index().on(table.action),
  ],
);

/** Announcements of maintenance. The newest one in force is shown on every page. */
export const announcements = pgTable(
  "announcements",
  {
    id: id(),
    text: text("text").notNull(),
    endsAt: at("ends_at").notNull(),
    createdBy: uuid("created_by").references(() => users.id, { onDelete: "set null" }),
    createdAt: createdAt(),
    withdrawnAt: at("withdrawn_at"),
  },
  (table) => [
    check("announcements_text", sql`length(${table.text}) between 1 and 200`),
    check("announcements_end", sql`${table.endsAt} > ${table.createdAt}`),
    index("announcements_in_force").on(table.endsAt).where(sql`${table.withdrawnAt} is null`),
    index().on(table.createdBy),
  ],
);

/** Files that an author imports as drafts. */
export const imports = pgTable(
  "imports",
  {
    id: id(),
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    createdAt: createdAt(),
    finishedAt: at("finished_at"),
  },
  (table) => [index().on(table.ownerId, table.createdAt)],
);

/** One file of an import, and what became of it: a draft, or why none. */
export const importFiles = pgTable(
  "import_files",
  {
    id: id(),
    importId: uuid("import_id")
      .notNull()
      .references(() => imports.id, { onDelete: "cascade" }),
    position: integer("position").notNull(),
    name: text("name").notNull(),
    /** Emptied when the file is done. */
    body: text("body").notNull(),
    doneAt: at("done_at"),
    /** The draft. Null also when it was deleted since. */
    articleId: uuid("article_id").references(() => articles.id, { onDelete: "set null" }),
    title: text("title").notNull().default(""),
    /** Why the file was not imported, or what was left out of the draft. */
    note: text("note"),
  },
  (table) => [
    unique("import_files_position").on(table.importId, table.position),
    index().on(table.articleId),
    check(
      "import_files_result",
      sql`${table.doneAt} is not null or (${table.articleId} is null and ${table.note} is null)`,
    ),
  ],
);

/** The figures of one day for an author. */
export const dailyReports = pgTable(
  "daily_reports",
  {
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    day: date("day").notNull(),
    views: integer("views").notNull(),
    comments: integer("comments").notNull(),
    reactions: integer("reactions").notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.day] })],
);

/** Messages of the chat of a publication's members: theirs, and the analyst's answers. */
export const chatMessages = pgTable(
  "chat_messages",
  {
    /** Made by the page, so that a repeated request writes one message. */
    id: uuid("id").primaryKey(),
    publicationId: publicationId(),
    /** Null: the analyst. */
    authorId: uuid("author_id").references(() => users.id, { onDelete: "cascade" }),
    /** Of an answer. */
    questionId: uuid("question_id").references((): AnyPgColumn => chatMessages.id, {
      onDelete: "cascade",
    }),
    /** `said` and `asked` by a member; an answer is `writing`, then `complete` or `failed`. */
    state: text("state", { enum: ["said", "asked", "writing", "complete", "failed"] }).notNull(),
    /** Of an answer: how often it was begun. A former attempt that still runs cannot write. */
    attempt: integer("attempt").notNull().default(1),
    /** Of a complete answer. */
    grounded: boolean("grounded"),
    /** Numbers of the observations that an answer cites. */
    citations: integer("citations").array().notNull().default([]),
    createdAt: createdAt(),
  },
  (table) => [
    unique("chat_messages_one_answer").on(table.questionId),
    index().on(table.publicationId, table.createdAt),
    index().on(table.authorId),
    check(
      "chat_messages_state",
      sql`${table.state} in ('said', 'asked', 'writing', 'complete', 'failed')`,
    ),
    check(
      "chat_messages_author",
      sql`(${table.authorId} is not null and ${table.questionId} is null and ${table.state} in ('said', 'asked'))
        or (${table.authorId} is null and ${table.questionId} is not null and ${table.state} in ('writing', 'complete', 'failed'))`,
    ),
  ],
);

/** The parts of a message. An answer is written part by part. */
export const chatContents = pgTable(
  "chat_contents",
  {
    id: id(),
    messageId: uuid("message_id")
      .notNull()
      .references(() => chatMessages.id, { onDelete: "cascade" }),
    publicationId: publicationId(),
    position: integer("position").notNull(),
    /** Grows with each change of the text. */
    version: integer("version").notNull().default(1),
    text: text("text").notNull(),
  },
  (table) => [
    unique("chat_contents_position").on(table.messageId, table.position),
    index().on(table.publicationId),
    check("chat_contents_text", sql`length(${table.text}) <= 10000`),
  ],
);

/** The time of the last message of a desk that a member has seen. Newer ones are unread. */
export const deskVisits = pgTable(
  "desk_visits",
  {
    publicationId: uuid("publication_id").notNull(),
    userId: uuid("user_id").notNull(),
    seenAt: at("seen_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.publicationId, table.userId] }),
    foreignKey({
      name: "desk_visits_member",
      columns: [table.publicationId, table.userId],
      foreignColumns: [publicationMembers.publicationId, publicationMembers.userId],
    }).onDelete("cascade"),
  ],
);

/** Visitors who opened an article of a publication for the first time in a day, by the minute. */
export const readerMinutes = pgTable(
  "reader_minutes",
  {
    id: id(),
    publicationId: publicationId(),
    minute: at("minute").notNull(),
    readers: integer("readers").notNull(),
    /** Grows with each change of the number. */
    version: integer("version").notNull().default(1),
  },
  (table) => [
    unique("reader_minutes_once").on(table.publicationId, table.minute),
    check("reader_minutes_readers", sql`${table.readers} >= 0`),
  ],
);
