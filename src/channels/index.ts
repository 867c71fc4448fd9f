import { channel, defineChannels } from "querycast";
import { account } from "./account.ts";
import { articlePage, profileFeed, tagFeed } from "./articles.ts";
import { bookmarks } from "./bookmarks.ts";
import { brokerApps } from "./broker-apps.ts";
import { comments } from "./comments.ts";
import { dashboardArticles, dashboardNumbers } from "./dashboard.ts";
import { chat, deskUnread, readers } from "./desk.ts";
import { follows } from "./follows.ts";
import { gists } from "./gists.ts";
import { type LiveData, withSignals } from "./live-data.ts";
import { activity, announcement, importProgress, preview, replying, report } from "./messages.ts";
import { notifications } from "./notifications.ts";
import { oneOf, params, uuid } from "./params.ts";
import { profiles } from "./people.ts";
import {
  evidence,
  figures,
  invitations,
  memberships,
  publicationPage,
  submissions,
  tasks,
  team,
} from "./publications.ts";
import { reactions } from "./reactions.ts";
import { rollout } from "./rollout.ts";
import { sessions } from "./sessions.ts";

const all = [
  notifications,
  comments,
  reactions,
  bookmarks,
  follows,
  dashboardArticles,
  dashboardNumbers,
  articlePage,
  gists,
  profileFeed,
  tagFeed,
  sessions,
  account,
  profiles,
  rollout,
  brokerApps,
  publicationPage,
  team,
  memberships,
  invitations,
  submissions,
  tasks,
  evidence,
  figures,
  chat,
  deskUnread,
  readers,
];

/** The live data of the site. The rollout, the admin console and `docs/inventory.md` are derived from it. */
export const liveDataList: readonly LiveData[] = all;

const ofUser = params({ userId: uuid });
const ofPublication = params({ publicationId: uuid });

/** The channel kinds of the site. The phase of a kind is the first phase of its signals. */
export const kinds = {
  /** Signals for one person, on all tabs and devices. */
  user: withSignals("user", channel("user.{userId}", { phase: 1, params: ofUser }), all),
  /** Signals for all readers of one page. */
  resource: withSignals(
    "resource",
    channel("resource.{resourceType}.{resourceId}", {
      phase: 2,
      params: params({ resourceType: oneOf("article", "gist"), resourceId: uuid }),
    }),
    all,
  ),
  /** The public profile of a person. */
  profile: withSignals("profile", channel("profile.{userId}", { phase: 4, params: ofUser }), all),
  tag: withSignals(
    "tag",
    channel("tag.{tagId}", { phase: 4, params: params({ tagId: uuid }) }),
    all,
  ),
  /** The public page of a publication. */
  publication: withSignals(
    "publication",
    channel("publication.{publicationId}", { phase: 4, params: ofPublication }),
    all,
  ),
  /** The members of a publication. */
  team: withSignals(
    "team",
    channel("team.{publicationId}", { phase: 4, params: ofPublication }),
    all,
  ),
  /** The members who read all submissions of a publication. */
  desk: withSignals(
    "desk",
    channel("desk.{publicationId}", { phase: 4, params: ofPublication }),
    all,
  ),
  /** The chat of a publication, for its members. */
  chat: withSignals(
    "chat",
    channel("chat.{publicationId}", { phase: 4, params: ofPublication }),
    all,
  ),
  /** The figures of a publication that members watch. */
  chart: withSignals(
    "chart",
    channel("chart.{publicationId}", { phase: 4, params: ofPublication }),
    all,
  ),
  /** The figures of a publication's observations that have one clearance. */
  figures: withSignals(
    "figures",
    channel("figures.{clearance}.{publicationId}", {
      phase: 4,
      params: params({ clearance: oneOf("public", "member", "editor"), publicationId: uuid }),
    }),
    all,
  ),
  /** The readers of one submission. */
  submission: withSignals(
    "submission",
    channel("submission.{submissionId}", { phase: 4, params: params({ submissionId: uuid }) }),
    all,
  ),
  /** Signals for every page of every signed-in viewer. The rollout does not apply to it. */
  site: withSignals("site", channel("site", { phase: 1 }), all),
  replying,
  announcement,
  import: importProgress,
  preview,
  report,
  activity,
};

export type Kind = keyof typeof kinds;

/** The contract of the site, which publishers, rules and browsers share. */
export const channels = defineChannels(kinds);
