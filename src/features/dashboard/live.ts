import { ids } from "querycast";
import { kinds } from "@/channels/kinds.ts";
import { liveRow } from "@/channels/live-row.ts";

/** The author's own articles, in every order and status. */
export const dashboardArticles = liveRow({
  title: "Dashboard: articles",
  phase: 3,
  queries: ['["dashboard-articles", …]'],
  on: {
    user: kinds.user
      .signal("article.created", ids("articleId"))
      .signal("article.updated", ids("articleId"))
      .signal("article.deleted", ids("articleId")),
  },
});

/** Views, comments and reactions, which change while the page is open. */
export const dashboardNumbers = liveRow({
  title: "Dashboard: numbers",
  phase: 3,
  queries: ['["dashboard-numbers", …]'],
  on: {
    user: kinds.user
      .signal("article.viewed", ids("articleId"))
      .signal("article.discussed", ids("articleId"))
      .signal("article.reacted-to", ids("articleId")),
  },
});
