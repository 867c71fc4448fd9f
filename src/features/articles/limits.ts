/** In characters, except `tags`. Separate from the schema, so that the editor loads no validator. */
export const limits = { title: 120, excerpt: 300, body: 100_000, slug: 80, tags: 5 } as const;

/** Days during which a deleted article can be restored. */
export const restorableDays = 7;
