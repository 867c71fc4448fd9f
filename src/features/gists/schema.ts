export interface GistFile {
  readonly id: string;
  readonly filename: string;
  readonly language: string;
  readonly content: string;
}

/** A gist on its own page. Times are ISO 8601. */
export interface Gist {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly isPrivate: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly owner: { readonly id: string; readonly handle: string; readonly name: string };
  readonly files: readonly GistFile[];
}
