export interface Tag {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  /** Published articles that carry it. */
  readonly articleCount: number;
}
