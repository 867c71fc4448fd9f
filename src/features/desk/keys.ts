export const deskKeys = {
  messages: (publicationId: string) => ["chat-messages", publicationId] as const,
  contents: (publicationId: string) => ["chat-contents", publicationId] as const,
  unread: (publicationId: string) => ["chat-unread", publicationId] as const,
  unreadCounts: (publicationIds: readonly string[]) =>
    ["chat-unread-counts", publicationIds] as const,
  readers: (publicationId: string) => ["reader-minutes", publicationId] as const,
};
