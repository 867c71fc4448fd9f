/** What is rendered: an article's Markdown, or a file of code. */
export type TextSource =
  | { readonly kind: "markdown"; readonly text: string }
  | {
      readonly kind: "code";
      readonly text: string;
      /** As `languageOf` returns it; `text` has no grammar and is never rendered. */
      readonly language: string;
    };

/** Why a text has no HTML for good: rendering takes too long, makes a page too large, or fails. */
export type Failure = "too_slow" | "too_large" | "failed";

/** Why a text is shown as it was written; `no_grammar` is no fault. */
export type PlainReason = Failure | "waiting" | "no_grammar";

/**
 * A text as a page shows it. `html` comes from the renderer alone, which escapes and sanitises; `plain` is
 * the text itself.
 */
export type RenderedText =
  | { readonly html: string }
  | { readonly plain: string; readonly reason: PlainReason };

/** What the database holds of an earlier rendering; see the table `renderings`. */
export interface StoredRendering {
  readonly digest: string;
  readonly html: string | null;
  readonly reason: Failure | null;
  readonly attempts: number;
  readonly renderedAt: Date;
}

/** What a page says above a text that is shown as it was written. */
export const plainNotices: Readonly<Record<PlainReason, string | null>> = {
  too_slow: "This text is shown without formatting: formatting it took too long.",
  too_large: "This text is shown without formatting: formatted, it would be too large for a page.",
  failed: "This text is shown without formatting: it could not be formatted.",
  waiting:
    "This text is shown without formatting: the server has not formatted it yet. Reload the page in a moment.",
  no_grammar: null,
};

/** One text with the bounds of its result, as a worker thread receives it. */
export type RenderTask = TextSource & {
  readonly imageHosts: readonly string[];
  readonly maxHtmlLength: number;
  readonly maxElements: number;
  readonly maxDepth: number;
};
