/** Characters, but for the tags. Apart from the schema: the editor that counts them needs no validator. */
export const limits = { title: 120, excerpt: 300, body: 100_000, slug: 80, tags: 5 } as const;

/** How long a deleted article can be restored. */
export const restorableDays = 7;
