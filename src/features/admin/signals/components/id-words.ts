import { observationRef } from "@/lib/evidence/observation.ts";
import { idsIn, type NamedType } from "@/lib/text/names.ts";

/** How an id of a signal is shown: by the name of its row, or in words that stand for the id. */
export type IdWords = { readonly type: NamedType } | { readonly words: string };

/** Rows that have a page, by the name of their id. */
const types: Readonly<Record<string, NamedType>> = {
  commentId: "comment",
  articleId: "article",
  gistId: "gist",
  userId: "person",
  publicationId: "publication",
  submissionId: "submission",
};

/** Rows without a page. */
const words: Readonly<Record<string, string>> = {
  notificationId: "A notification",
  sessionId: "A session",
  reactableId: "A page or a comment",
  resourceId: "An article or a gist",
  roleId: "A role",
  invitationId: "An invitation",
  taskId: "A task",
  messageId: "A message",
  contentId: "A part of a message",
  minuteId: "A minute",
  answerId: "A question to the analyst",
};

/** @returns undefined for an id that no signal of the site has */
export function idWords(name: string, id: string): IdWords | undefined {
  if (name === "observationId" && idsIn(id).length === 0) {
    return { words: observationRef(Number(id)) };
  }
  const [type, known] = [types[name], words[name]];
  if (type !== undefined) return { type };
  return known === undefined ? undefined : { words: known };
}
