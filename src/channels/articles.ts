import { ids } from "querycast";
import { liveData } from "./live-data.ts";

/** An article: its page, and the editor in other tabs of its author. */
export const articlePage = liveData({
  title: "Article page",
  phase: 3,
  on: {
    resource: {
      "article.updated": ids("articleId"),
    },
  },
});

export const profileFeed = liveData({
  title: "Profile feed",
  phase: 4,
  on: {
    profile: {
      "feed.changed": ids("articleId"),
    },
  },
});

export const tagFeed = liveData({
  title: "Tag feed",
  phase: 4,
  on: {
    tag: {
      "feed.changed": ids("articleId"),
    },
  },
});
