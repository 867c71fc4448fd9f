/** A text to render: an article's Markdown, or a code file. */
export type TextSource =
  | { readonly kind: "markdown"; readonly text: string }
  | {
      readonly kind: "code";
      readonly text: string;
      /** From `languageOf`; `text` has no grammar and is not rendered. */
      readonly language: string;
    };

/**
 * Why a text has no HTML permanently: rendering takes too long, the result is too large, or rendering
 * fails.
 */
export type Failure = "too_slow" | "too_large" | "failed";

/** Why a text is shown without formatting; `no_grammar` is no error. */
export type PlainReason = Failure | "waiting" | "no_grammar";

/**
 * A text for a page. `html` is from the renderer, which escapes and sanitises; `plain` is the source text.
 */
export type RenderedText =
  | { readonly html: string }
  | { readonly plain: string; readonly reason: PlainReason };

/** A stored rendering; see the table `renderings`. */
export interface StoredRendering {
  readonly digest: string;
  readonly html: string | null;
  readonly reason: Failure | null;
  readonly attempts: number;
  readonly renderedAt: Date;
}

/** Notice above a text that is shown without formatting. */
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
