import { ids } from "querycast";
import { kinds } from "@/channels/kinds.ts";
import { fetchedRow, liveRow } from "@/channels/live-row.ts";

/** An article: its page, and the editor in other tabs of its author. */
export const articlePage = liveRow({
  title: "Article page",
  phase: 3,
  queries: ['["article-version", id]'],
  on: { resource: kinds.resource.signal("article.updated", ids("articleId")) },
});

export const profileFeed = liveRow({
  title: "Profile feed",
  phase: 4,
  queries: ['["user-article-feed", userId]'],
  on: { profile: kinds.profile.signal("feed.changed", ids("articleId")) },
});

export const tagFeed = liveRow({
  title: "Tag feed",
  phase: 4,
  queries: ['["tag-articles", tagId]'],
  on: { tag: kinds.tag.signal("feed.changed", ids("articleId")) },
});

export const homeFeed = fetchedRow({
  title: "Home feed",
  queries: ['["article-feed", …]', '["newer-articles", id]'],
  never:
    "Every visitor may have it open, so each change would trigger a refetch for all of them at once. It polls for newer articles instead.",
});
