/** In characters, except `tags`. Separate from a schema, so that the editor loads no validator. */
export const articleLimits = {
  title: 120,
  excerpt: 300,
  body: 100_000,
  slug: 80,
  tags: 5,
} as const;
