import type { Row } from "@/channels/live-row.ts";
import { toRegistry } from "@/channels/to-registry.ts";
import { account } from "@/features/account/live.ts";
import { articlePage, homeFeed, profileFeed, tagFeed } from "@/features/articles/live.ts";
import { bookmarks } from "@/features/bookmarks/live.ts";
import { brokerApps } from "@/features/broker-keys/live.ts";
import { comments } from "@/features/comments/live.ts";
import { dashboardArticles, dashboardNumbers } from "@/features/dashboard/live.ts";
import { follows } from "@/features/follows/live.ts";
import { gists } from "@/features/gists/live.ts";
import { notifications } from "@/features/notifications/live.ts";
import { userCard } from "@/features/people/live.ts";
import { reactions } from "@/features/reactions/live.ts";
import { rollout } from "@/features/rollout/live.ts";
import { sessions } from "@/features/sessions/live.ts";
import { topTags } from "@/features/tags/live.ts";

/**
 * All rows of live and fetched data, in the order of their rollout. Each feature declares its row in its
 * `live.ts`: its signals, their channels and the queries they refetch.
 */
export const inventory: readonly Row[] = [
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
  userCard,
  homeFeed,
  topTags,
  rollout,
  brokerApps,
];

/** The channel registry that publishers, rules and browsers of the site share. */
export const channels = toRegistry(inventory);
