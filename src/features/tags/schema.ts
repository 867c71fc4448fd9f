export interface Tag {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  /** Number of published articles with this tag. */
  readonly articleCount: number;
}
