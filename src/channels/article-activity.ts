import { defineChannels, ids, type OutgoingSignal, signal } from "querycast";
import { kinds } from "./kinds.ts";

/**
 * What readers do to an article, told to its author alone: their dashboard counts it. Declared here
 * because those who say it are several features, and a feature knows no other.
 */
export const articleActivity = kinds.user
  .signal("article.viewed", ids("articleId"))
  .signal("article.discussed", ids("articleId"))
  .signal("article.reacted-to", ids("articleId"));

const { user } = defineChannels({ user: articleActivity });

/** Tells an author what happened to an article of theirs. */
export const articleActive = (
  what: "article.viewed" | "article.discussed" | "article.reacted-to",
  { authorId, articleId }: { readonly authorId: string; readonly articleId: string },
): OutgoingSignal => signal(user({ userId: authorId }), what, { articleId });
