/** Names of the queries of the site, by the first part of their key. */
const names: Readonly<Record<string, string>> = {
  comments: "comments",
  "follow-status": "following",
  follows: "followed discussions",
  "bookmark-status": "bookmarks",
  bookmarks: "bookmarks",
  reaction: "reactions",
  "my-reactions": "reactions",
  "my-notifications": "notifications",
  "unread-notification-count": "notifications",
  "article-feed": "new articles",
  "tag-articles": "new articles",
  "user-article-feed": "new articles",
  "newer-articles": "new articles",
  "article-version": "the article",
  "dashboard-articles": "your articles",
  "dashboard-numbers": "your numbers",
  gist: "the gist",
  gists: "gists",
  user: "the profile",
  mySessions: "your sessions",
};

const other = "other parts of the page";
const list = new Intl.ListFormat("en-GB", { type: "conjunction" });

/** Names what these queries show, as a list: "comments and reactions". */
export function nameParts(queryKeys: readonly (readonly unknown[])[]): string {
  const words = new Set(queryKeys.map(([root]) => names[String(root)] ?? other));
  return list.format(
    [...words].sort((one, next) => Number(one === other) - Number(next === other)),
  );
}
