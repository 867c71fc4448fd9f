import { ids } from "querycast";
import { liveData } from "./live-data.ts";

/** The author's own articles, in every order and status. */
export const dashboardArticles = liveData({
  title: "Dashboard: articles",
  phase: 3,
  on: {
    user: {
      "article.created": ids("articleId"),
      "article.updated": ids("articleId"),
      "article.deleted": ids("articleId"),
    },
  },
});

/** Views, comments and reactions, which change while the page is open. */
export const dashboardNumbers = liveData({
  title: "Dashboard: numbers",
  phase: 3,
  on: {
    user: {
      "article.viewed": ids("articleId"),
      "article.discussed": ids("articleId"),
      "article.reacted-to": ids("articleId"),
    },
  },
});
