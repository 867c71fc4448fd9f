import { within } from "../within.ts";
import type { RenderedText, StoredRendering, TextSource } from "./rendered-text.ts";
import type { Renderer, RenderOutcome } from "./renderer.ts";

/** The row that a text belongs to, and its author. */
export interface TextPlace {
  readonly table: "articles" | "gist_files";
  readonly id: string;
  readonly ownerId: string;
}

/**
 * Returns a text for its page: the stored rendering, or a new one. It never rejects and resolves within a
 * second: a text that is not rendered by then is shown without formatting.
 *
 * @param stored the stored rendering of this row, or null
 */
export type RenderText = (
  place: TextPlace,
  source: TextSource,
  stored: StoredRendering | null,
) => Promise<RenderedText>;

export interface RenderTextOptions {
  readonly renderer: Renderer;
  /** Stores the result for later readers. */
  readonly save: (place: TextPlace, digest: string, outcome: RenderOutcome) => Promise<void>;
  readonly onError: (error: unknown) => void;
  /** How long a page waits for a rendering. Default 1,000. */
  readonly waitMs?: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * A busy machine can make any text too slow, so a text that was too slow is tried again after an hour,
 * twice. A text that is too large is not tried again.
 */
const retryAfterMs = 60 * 60_000;
const maxAttempts = 3;

export function createRenderText(options: RenderTextOptions): RenderText {
  const { renderer, save, onError, waitMs = 1_000, now = Date.now } = options;
  /** By row and digest, so that concurrent readers share one rendering. */
  const running = new Map<string, Promise<RenderOutcome | null>>();

  function isSettled({ reason, attempts, renderedAt }: StoredRendering): boolean {
    if (reason === "too_large" || attempts >= maxAttempts) return true;
    return now() - renderedAt.getTime() < retryAfterMs;
  }

  async function renderAndSave(place: TextPlace, source: TextSource, digest: string) {
    const outcome = await renderer.render(source, place.ownerId);
    // Removed after it is saved, so that no reader in between renders it again.
    if (outcome !== null) await save(place, digest, outcome).catch(onError);
    return outcome;
  }

  function share(place: TextPlace, source: TextSource, digest: string) {
    const key = `${place.id} ${digest}`;
    let work = running.get(key);
    if (work === undefined) {
      work = renderAndSave(place, source, digest).finally(() => running.delete(key));
      running.set(key, work);
    }
    return work;
  }

  return async (place, source, stored) => {
    const plain = source.text;
    if (source.kind === "code" && source.language === "text") {
      return { plain, reason: "no_grammar" };
    }
    const digest = renderer.digestOf(source);
    if (stored?.digest === digest) {
      if (stored.html !== null) return { html: stored.html };
      if (stored.reason !== null && isSettled(stored)) return { plain, reason: stored.reason };
    }
    const outcome = await within(waitMs, share(place, source, digest), null);
    if (outcome === null) return { plain, reason: "waiting" };
    return "html" in outcome ? outcome : { plain, reason: outcome.reason };
  };
}
