import type { ChatContent } from "../schema.ts";

/** The text of each message by its id: its parts in the order of their positions. */
export function textsOf(contents: readonly ChatContent[]): ReadonlyMap<string, string> {
  const parts = new Map<string, ChatContent[]>();
  for (const content of contents) {
    const others = parts.get(content.messageId);
    if (others === undefined) parts.set(content.messageId, [content]);
    else others.push(content);
  }
  return new Map(
    [...parts].map(([messageId, list]) => [
      messageId,
      list
        .sort((a, b) => a.position - b.position)
        .map(({ text }) => text)
        .join(""),
    ]),
  );
}
