/** Which publications a list shows. */
export type PublicationFilter = "all" | "yours";

export const publicationKeys = {
  lists: () => ["publications"] as const,
  list: (filter: PublicationFilter) => ["publications", filter] as const,
  publication: (id: string) => ["publication", id] as const,
  deletion: (id: string) => ["publication-deletion", id] as const,
  articles: (id: string) => ["publication-articles", id] as const,
  standing: (id: string) => ["publication-standing", id] as const,
};
