import { getTableColumns, getTableName } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import type * as schema from "@/db/schema.ts";
import type { viewers } from "../../support/rows/rls-rows.ts";

export type Role = "worker" | "auth" | "relay";
export type Rows = readonly string[] | "refused";
export type Seen = Readonly<Record<keyof typeof viewers | Role, Rows>>;

const everybody = (rows: Rows, others: Partial<Seen> = {}): Seen => ({
  anonymous: rows,
  rea: rows,
  ann: rows,
  ben: rows,
  kay: rows,
  worker: "refused",
  auth: "refused",
  relay: "refused",
  ...others,
});

/** Rows for the members of the publication. Of them, ann has written the submission. Kay is an admin of the site. */
const ofMembers = (rows: Rows): Seen =>
  everybody([], { rea: rows, ann: rows, ben: rows, worker: rows });

const articles = ["article", "article of ben"];
const annsArticles = [...articles, "draft", "scheduled", "going"];
const gists = ["gist"];
const annsGists = [...gists, "private gist"];
export const comments = ["comment", "reply", "comment on gist"];
const annsComments = [...comments, "comment on draft", "comment on private gist"];
export const reactions = ["like", "like on gist", "like on comment"];
const annsReactions = [
  ...reactions,
  "like on draft",
  "like on private gist",
  "like on hidden comment",
];
export const people = ["rea", "ann", "ben", "kay"];
const sessions = people.map((name) => `session of ${name}`);

/** Results of a query without WHERE, per table and viewer. A missing table does not compile. */
export const matrix: Record<TableKey, Seen> = {
  users: everybody(people, { worker: people, auth: people }),
  credentials: everybody("refused", { auth: people }),
  sessions: everybody([], {
    rea: ["session of rea"],
    ann: ["session of ann"],
    ben: ["session of ben"],
    kay: sessions,
    auth: sessions,
  }),
  rateLimits: everybody("refused", { auth: ["signin:rea"] }),
  articles: everybody(articles, { ann: annsArticles, worker: annsArticles }),
  gists: everybody(gists, { ann: annsGists, worker: annsGists }),
  gistFiles: everybody(["file in gist"], { ann: ["file in gist", "file in private gist"] }),
  renderings: everybody(["rendering of article", "rendering in gist"], {
    ann: [
      "rendering of article",
      "rendering in gist",
      "rendering of draft",
      "rendering in private gist",
    ],
  }),
  tags: everybody(["tag"], { worker: ["tag"] }),
  articleTags: everybody(["article"], { ann: ["article", "draft"] }),
  comments: everybody(comments, { ann: annsComments, worker: annsComments }),
  reactions: everybody(reactions, { ann: annsReactions, worker: annsReactions }),
  bookmarks: everybody([], { rea: ["bookmark of rea"], ann: ["bookmark of ann"] }),
  notifications: everybody([], {
    rea: ["notification to rea"],
    ann: ["notification to ann"],
    worker: ["notification to ann", "notification to rea"],
  }),
  jobRequests: everybody("refused", { worker: ["notif:comment:1"] }),
  articleViews: everybody([], { ann: ["article"], ben: ["article of ben"] }),
  follows: everybody([], {
    rea: ["follow of rea"],
    ann: ["follow of ann"],
    worker: ["follow of ann", "follow of rea"],
  }),
  userBans: everybody([], { kay: ["ben"], auth: ["ben"], relay: ["ben"] }),
  phaseSettings: everybody(["2"], { relay: ["2"] }),
  channelSettings: everybody(["kind:tag"], { relay: ["kind:tag"] }),
  channelBans: everybody([], { kay: ["channel ban"], relay: ["channel ban"] }),
  channelJoins: everybody([], { kay: ["rea"], worker: ["rea"] }),
  relayReport: everybody([], { kay: ["host:1"], worker: ["host:1"], relay: "refused" }),
  brokerApps: everybody([], { kay: ["app:1"], relay: ["app:1"] }),
  auditLog: everybody([], { kay: ["1"] }),
  announcements: everybody(["announcement"], {
    kay: ["announcement", "past announcement", "withdrawn announcement"],
    worker: ["announcement"],
  }),
  imports: everybody([], { ann: ["import"], worker: ["import"] }),
  importFiles: everybody([], { ann: ["imported file"] }),
  dailyReports: everybody([], { ann: ["ann"], ben: ["ben"] }),
  publications: everybody(["paper"], { worker: ["paper"] }),
  publicationRoles: ofMembers(["owner role", "writer role", "moderator role"]),
  publicationMembers: ofMembers(["ben", "ann", "rea"]),
  publicationMemberRoles: ofMembers(["ben", "ann", "rea"]),
  publicationInvitations: everybody([], {
    ben: ["invitation of kay"],
    kay: ["invitation of kay"],
    worker: ["invitation of kay"],
  }),
  submissions: ofMembers(["submission"]),
  submissionEvents: ofMembers(["event"]),
  submissionTasks: ofMembers(["task"]),
  // Rea and ben read all submissions, so they read what is for editors. Ann is a member, kay is not.
  observations: everybody(["1"], {
    rea: ["1", "2", "3"],
    ann: ["1", "2"],
    ben: ["1", "2", "3"],
    worker: ["1", "2", "3"],
  }),
  evidenceFeeds: everybody([], { ben: ["feed"], worker: ["feed"] }),
  // The second answer of ann is made from an observation for editors.
  analystAnswers: everybody([], { ann: ["answer to ann"], rea: ["answer to rea"] }),
  chatMessages: ofMembers(["question", "answer"]),
  chatContents: ofMembers(["text of question", "text of answer"]),
  deskVisits: everybody([], { rea: ["rea"], ann: ["ann"] }),
  readerMinutes: ofMembers(["minute"]),
};

export type TableKey = {
  [Key in keyof typeof schema]: (typeof schema)[Key] extends PgTable ? Key : never;
}[keyof typeof schema];

/** The column that identifies a row of the table here. */
export function keyOf(table: PgTable) {
  const columns = getTableColumns(table);
  const key =
    columns.id ??
    columns.articleId ??
    columns.userId ??
    columns.key ??
    columns.phase ??
    columns.kind ??
    columns.number ??
    columns.leader;
  if (key === undefined) throw new Error(`${getTableName(table)} has no key.`);
  return key;
}
