import { and, eq, sql } from "drizzle-orm";
import { authorize, byRls, type Viewer as Subscriber } from "querycast/server";
import type { Kind } from "@/channels/index.ts";
import { channels } from "@/channels/index.ts";
import {
  articles,
  gists,
  imports,
  publicationMembers,
  publications,
  submissions,
  tags,
  users,
} from "@/db/schema.ts";
import type { Transaction, Viewer } from "@/db/viewer.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";

/** A viewer who asks to join a channel, from a verified session. */
export type SiteViewer = Subscriber & { readonly role: Viewer["role"] };

type OfPublication = { readonly publicationId: string };
type InTransaction = { readonly tx: Transaction };

/** A select of the page, under the policies of its table. */
const readPage = byRls(({ resourceType, resourceId }: ResourceRef, { tx }: InTransaction) => {
  const table = resourceType === "article" ? articles : gists;
  return tx.select({ id: table.id }).from(table).where(eq(table.id, resourceId));
});

/** The policy of the table shows members to members alone. */
const readTeam = byRls(({ publicationId }: OfPublication, { tx }: InTransaction) =>
  tx
    .select({ id: publicationMembers.userId })
    .from(publicationMembers)
    .where(eq(publicationMembers.publicationId, publicationId))
    .limit(1),
);

const readPublication = byRls(({ publicationId }: OfPublication, { tx }: InTransaction) =>
  tx.select({ id: publications.id }).from(publications).where(eq(publications.id, publicationId)),
);

/** The set of publications that the policies of submissions and observations use. */
const readDesk = byRls(({ publicationId }: OfPublication, { tx }: InTransaction) =>
  tx
    .select({ id: publications.id })
    .from(publications)
    .where(
      and(
        eq(publications.id, publicationId),
        sql`${publications.id} in (select app.desk_publications())`,
      ),
    ),
);

/** Who may read the observations of each clearance. */
const readClearance = { public: readPublication, member: readTeam, editor: readDesk };

/**
 * The access rule of each channel kind. Whoever can read a page can join its channel: the select runs in
 * the viewer's own transaction, so row-level security decides, and there is no second list of permissions.
 */
export const authority = authorize<typeof channels, SiteViewer, Transaction>(channels, {
  user: ({ userId }, { viewer }) => userId === viewer.id,
  report: ({ userId }, { viewer }) => userId === viewer.id,
  resource: readPage,
  replying: readPage,
  announcement: () => true, // public
  // The same function as in the policy of the audit log, which may have no row yet.
  activity: byRls((_, { tx }) => tx.execute(sql`select 1 where app.viewer_is_admin()`)),
  import: byRls(({ importId }, { tx }) =>
    tx.select({ id: imports.id }).from(imports).where(eq(imports.id, importId)),
  ),
  preview: byRls(({ articleId }, { tx, viewer }) =>
    tx
      .select({ id: articles.id })
      .from(articles)
      .where(and(eq(articles.id, articleId), eq(articles.authorId, viewer.id))),
  ),
  profile: byRls(({ userId }, { tx }) =>
    tx.select({ id: users.id }).from(users).where(eq(users.id, userId)),
  ),
  site: () => true, // every viewer here is signed in
  tag: byRls(({ tagId }, { tx }) =>
    tx.select({ id: tags.id }).from(tags).where(eq(tags.id, tagId)),
  ),
  publication: readPublication,
  team: readTeam,
  chat: readTeam,
  chart: readTeam,
  desk: readDesk,
  figures: ({ clearance, publicationId }, context) =>
    readClearance[clearance]({ publicationId }, context),
  submission: byRls(({ submissionId }, { tx }) =>
    tx.select({ id: submissions.id }).from(submissions).where(eq(submissions.id, submissionId)),
  ),
});

interface RuleNote {
  /** The rule in words. */
  readonly words: string;
  /** The table whose policies decide; null when the rule reads no table. */
  readonly table: (params: Readonly<Record<string, string>>) => string | null;
}

const tableOfPage = ({ resourceType }: Readonly<Record<string, string>>) =>
  resourceType === "article" ? "articles" : "gists";

/** The rules in words, for admins. The type requires one per kind. */
export const ruleNotes: Readonly<Record<Kind, RuleNote>> = {
  user: { words: "Only the person can join their own channel.", table: () => null },
  report: { words: "Only the person can join their own channel.", table: () => null },
  resource: { words: "The person can read the page.", table: tableOfPage },
  replying: { words: "The person can read the page.", table: tableOfPage },
  profile: { words: "The person can read the profile.", table: () => "users" },
  tag: { words: "The person can read the tag.", table: () => "tags" },
  publication: {
    words: "The person can read the publication's page.",
    table: () => "publications",
  },
  team: { words: "The person is a member.", table: () => "publication_members" },
  chat: { words: "The person is a member.", table: () => "publication_members" },
  chart: { words: "The person is a member.", table: () => "publication_members" },
  desk: {
    words: "The person has a permission for submissions.",
    table: () => "publications",
  },
  figures: {
    words: "The person can read the observations of this clearance.",
    table: ({ clearance }) => (clearance === "member" ? "publication_members" : "publications"),
  },
  submission: { words: "The person can read the submission.", table: () => "submissions" },
  site: { words: "Every signed-in person can join.", table: () => null },
  announcement: { words: "Every signed-in person can join.", table: () => null },
  activity: { words: "The person is an admin.", table: () => "audit_log" },
  import: { words: "The person started the import.", table: () => "imports" },
  preview: { words: "The person wrote the article.", table: () => "articles" },
};
