export const gistKeys = {
  gist: (id: string) => ["gist", id] as const,
  /** `ownerId` narrows to one person; `from` is the cursor in the page's address. */
  list: (ownerId: string | null, from: string | null) => ["gists", ownerId, from] as const,
};
