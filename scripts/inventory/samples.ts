import { accountQuery } from "../../src/features/account/queries.ts";
import { explanationQuery, subscribersQuery } from "../../src/features/admin/access/queries.ts";
import { announcementsQuery } from "../../src/features/admin/announcements/queries.ts";
import { auditQuery } from "../../src/features/admin/audit/queries.ts";
import { rolloutQuery } from "../../src/features/admin/channels/queries.ts";
import { appsQuery } from "../../src/features/admin/keys/queries.ts";
import { peopleQuery } from "../../src/features/admin/people/queries.ts";
import {
  logStateQuery,
  poisonedQuery,
  signalsQuery,
  skippedQuery,
  traceQuery,
} from "../../src/features/admin/signals/queries.ts";
import { answersQuery } from "../../src/features/analyst/queries.ts";
import { announcementQuery } from "../../src/features/announcements/queries.ts";
import {
  articleFeedQuery,
  articleVersionQuery,
  draftQuery,
  newerArticlesQuery,
} from "../../src/features/articles/queries.ts";
import { bookmarkStatusQuery, bookmarksQuery } from "../../src/features/bookmarks/queries.ts";
import { commentsQuery } from "../../src/features/comments/queries.ts";
import {
  daysQuery,
  ownArticlesQuery,
  reportQuery,
  totalsQuery,
} from "../../src/features/dashboard/queries.ts";
import {
  chatContentsQuery,
  chatMessagesQuery,
  readersQuery,
  unreadCountsQuery,
  unreadQuery,
} from "../../src/features/desk/queries.ts";
import {
  feedsQuery,
  figuresQuery,
  observationQuery,
  observationsQuery,
  valuesQuery,
} from "../../src/features/evidence/queries.ts";
import { followStatusQuery, followsQuery } from "../../src/features/follows/queries.ts";
import { gistQuery, gistsQuery } from "../../src/features/gists/queries.ts";
import { importQuery } from "../../src/features/imports/queries.ts";
import { notificationsQuery, unreadCountQuery } from "../../src/features/notifications/queries.ts";
import { personQuery } from "../../src/features/people/queries.ts";
import {
  deletionQuery,
  publicationArticlesQuery,
  publicationQuery,
  publicationsQuery,
  standingQuery,
} from "../../src/features/publications/queries.ts";
import { ownReactionsQuery, reactionsQuery } from "../../src/features/reactions/queries.ts";
import { sessionsQuery } from "../../src/features/sessions/queries.ts";
import {
  articleChoicesQuery,
  submissionQuery,
  submissionsQuery,
  taskCountsQuery,
  tasksQuery,
} from "../../src/features/submissions/queries.ts";
import { topTagsQuery } from "../../src/features/tags/queries.ts";
import {
  invitationQuery,
  ownInvitationsQuery,
  rolesQuery,
  sentInvitationsQuery,
  teamMembersQuery,
} from "../../src/features/teams/queries.ts";

/** What the inventory reads of the options of a query. */
export interface Sample {
  readonly queryKey: readonly unknown[];
  readonly meta?: Record<string, unknown>;
}

/** Ids of the samples. The inventory shows their names. */
export const sampleIds = {
  userId: "00000000-0000-7000-8000-000000000001",
  articleId: "00000000-0000-7000-8000-000000000002",
  gistId: "00000000-0000-7000-8000-000000000003",
  tagId: "00000000-0000-7000-8000-000000000004",
  publicationId: "00000000-0000-7000-8000-000000000005",
  submissionId: "00000000-0000-7000-8000-000000000006",
  invitationId: "00000000-0000-7000-8000-000000000007",
} as const;

const { userId, articleId, gistId, tagId, publicationId, submissionId, invitationId } = sampleIds;
const member = { userId, isDesk: false } as const;
const editor = { userId, isDesk: true } as const;
const teamViewer = { userId, isMember: true } as const;
const article = { resourceType: "article", resourceId: articleId } as const;

/** One sample of each query of the site, by the name of its export; several where the binding depends on the input. */
export const samples: Readonly<Record<string, readonly Sample[]>> = {
  accountQuery: [accountQuery(userId)],
  announcementQuery: [announcementQuery],
  announcementsQuery: [announcementsQuery],
  answersQuery: [answersQuery(publicationId, userId)],
  appsQuery: [appsQuery],
  articleChoicesQuery: [articleChoicesQuery(userId)],
  articleFeedQuery: [
    articleFeedQuery({}, null),
    articleFeedQuery({ authorId: userId }, null),
    articleFeedQuery({ tagId }, null),
  ],
  articleVersionQuery: [articleVersionQuery(articleId)],
  auditQuery: [auditQuery({})],
  bookmarkStatusQuery: [bookmarkStatusQuery(article, userId)],
  bookmarksQuery: [bookmarksQuery(userId)],
  chatContentsQuery: [chatContentsQuery(publicationId)],
  chatMessagesQuery: [chatMessagesQuery(publicationId)],
  commentsQuery: [commentsQuery(article)],
  daysQuery: [daysQuery(userId)],
  deletionQuery: [deletionQuery(publicationId, userId)],
  draftQuery: [draftQuery(articleId)],
  explanationQuery: [explanationQuery({ person: "maren", channel: "site" })],
  feedsQuery: [feedsQuery(publicationId, teamViewer)],
  figuresQuery: [figuresQuery(publicationId, { ...teamViewer, isDesk: true })],
  followStatusQuery: [followStatusQuery(article, userId)],
  followsQuery: [followsQuery(userId)],
  gistQuery: [gistQuery(gistId)],
  gistsQuery: [gistsQuery(null, null, null), gistsQuery(userId, null, userId)],
  importQuery: [importQuery(userId)],
  invitationQuery: [invitationQuery(invitationId, null, userId)],
  subscribersQuery: [subscribersQuery("site")],
  logStateQuery: [logStateQuery],
  newerArticlesQuery: [newerArticlesQuery(null)],
  notificationsQuery: [notificationsQuery(userId, "all"), notificationsQuery(userId, "unread")],
  observationQuery: [observationQuery(publicationId, 1, teamViewer)],
  observationsQuery: [observationsQuery(publicationId, { order: "ingested" }, teamViewer)],
  ownArticlesQuery: [ownArticlesQuery(userId, { status: "published", sort: "newest" })],
  ownInvitationsQuery: [ownInvitationsQuery(userId)],
  ownReactionsQuery: [ownReactionsQuery(article, userId)],
  peopleQuery: [peopleQuery({})],
  personQuery: [personQuery(userId)],
  poisonedQuery: [poisonedQuery],
  skippedQuery: [skippedQuery],
  publicationArticlesQuery: [publicationArticlesQuery(publicationId)],
  publicationQuery: [publicationQuery(publicationId)],
  publicationsQuery: [publicationsQuery("all", null), publicationsQuery("yours", userId)],
  reactionsQuery: [reactionsQuery(article)],
  readersQuery: [readersQuery(publicationId)],
  reportQuery: [reportQuery],
  rolesQuery: [rolesQuery(publicationId)],
  rolloutQuery: [rolloutQuery],
  sentInvitationsQuery: [sentInvitationsQuery(publicationId, userId)],
  sessionsQuery: [sessionsQuery(userId)],
  signalsQuery: [signalsQuery({})],
  standingQuery: [standingQuery(publicationId, userId, true)],
  submissionQuery: [submissionQuery(submissionId, publicationId, userId)],
  submissionsQuery: [
    submissionsQuery(publicationId, member),
    submissionsQuery(publicationId, editor),
  ],
  taskCountsQuery: [taskCountsQuery(publicationId, editor)],
  tasksQuery: [tasksQuery(publicationId, { show: "mine", status: "open" }, editor)],
  teamMembersQuery: [teamMembersQuery(publicationId)],
  topTagsQuery: [topTagsQuery()],
  totalsQuery: [totalsQuery(userId)],
  traceQuery: [traceQuery("1")],
  unreadCountQuery: [unreadCountQuery(userId)],
  unreadCountsQuery: [unreadCountsQuery([publicationId], userId)],
  unreadQuery: [unreadQuery(publicationId, userId)],
  valuesQuery: [
    valuesQuery(publicationId, { name: "Delay", unit: "min" }, { ...teamViewer, isDesk: true }),
  ],
};

/** Why a query of the site has no signals, by the name of its export. */
export const reasons: Readonly<Record<string, string>> = {
  articleFeedQuery:
    "The home feed may be open for every visitor: each change would trigger a refetch for all of them at once. It polls for newer articles instead.",
  newerArticlesQuery: "It is the polling of the home feed.",
  gistsQuery: "The list of everybody's public gists may be open for every visitor.",
  publicationsQuery: "The directory changes rarely and may be open for every visitor.",
  topTagsQuery: "It changes too slowly to need live updates.",
  announcementQuery: "Messages of an ephemeral channel make pages read it again.",
  announcementsQuery: "It is read every five seconds.",
  auditQuery: "Admins refresh it.",
  draftQuery:
    "Messages of an ephemeral channel make the preview read it, and it reads when its tab is shown.",
  reportQuery: "A message of an ephemeral channel makes the dashboard read it.",
  importQuery:
    "Messages of an ephemeral channel make the page read it, and it polls until the end.",
  explanationQuery: "It is the answer to one question.",
  subscribersQuery: "It is the answer to one question.",
  peopleQuery: "Admins refresh it.",
  signalsQuery: "The console shows new signals as they are committed, from the log itself.",
  logStateQuery: "It is a measurement, read every two seconds.",
  poisonedQuery: "It is read every ten seconds.",
  skippedQuery: "It is read every thirty seconds.",
  traceQuery: "It is the answer to one question.",
};
