export const gistKeys = {
  gist: (id: string) => ["gist", id] as const,
  /** `ownerId` restricts the list to one person; `from` is the cursor in the page's URL. */
  list: (ownerId: string | null, from: string | null) => ["gists", ownerId, from] as const,
};
