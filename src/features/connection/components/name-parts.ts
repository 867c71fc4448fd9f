/** What a query shows, by the first part of its key, where that part is not the name itself. */
const names: Readonly<Record<string, string>> = {
  "follow-status": "following",
  follows: "followed discussions",
  "bookmark-status": "bookmarks",
  reaction: "reactions",
  "my-reactions": "reactions",
  "my-notifications": "notifications",
  "unread-notification-count": "notifications",
  "tag-articles": "new articles",
  "user-article-feed": "new articles",
  "article-version": "the article",
  "dashboard-articles": "your articles",
  "dashboard-numbers": "your numbers",
  gist: "the gist",
  publication: "the publication",
  submission: "the submission",
  invitation: "the invitation",
  observation: "the observation",
  account: "your account",
  user: "the profile",
  mySessions: "your sessions",
  "own-invitations": "your invitations",
  "publication-standing": "your permissions",
  "submission-counts": "submissions",
  "chat-contents": "chat messages",
  "chat-unread": "unread messages",
  "chat-unread-counts": "unread messages",
  "reader-minutes": "readers",
};

const list = new Intl.ListFormat("en-GB", { type: "conjunction" });

/** Names what these queries show, as a list: "comments and team members". */
export function nameParts(queryKeys: readonly (readonly unknown[])[]): string {
  const words = queryKeys.map(([root]) => names[String(root)] ?? String(root).replaceAll("-", " "));
  return list.format(new Set(words));
}
