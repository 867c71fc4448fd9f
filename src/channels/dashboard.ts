import { liveData, signalsOf } from "./live-data.ts";

/** The author's own articles, in every order and status. */
export const dashboardArticles = liveData({
  title: "Dashboard: articles",
  phase: 3,
  on: {
    user: signalsOf("article", "articleId", "created", "updated", "deleted"),
  },
});

/** Views, comments and reactions, which change while the page is open. */
export const dashboardNumbers = liveData({
  title: "Dashboard: numbers",
  phase: 3,
  on: {
    user: signalsOf("article", "articleId", "viewed", "discussed", "reacted-to"),
  },
});
