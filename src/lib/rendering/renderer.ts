import { createHash } from "node:crypto";
import { join } from "node:path";
import { Piscina } from "piscina";
import { createFairQueue } from "../fair-queue.ts";
import type { Failure, RenderTask, TextSource } from "./rendered-text.ts";

/** The HTML, or why there is none. */
export type RenderOutcome = { readonly html: string } | { readonly reason: Failure };

/** Renders texts in worker threads. See docs/decisions/0030. */
export interface Renderer {
  /**
   * Never rejects: an error is a result. Null when too many texts wait.
   *
   * @param owner id of the author; authors take turns
   */
  render(source: TextSource, owner: string): Promise<RenderOutcome | null>;
  /** Digest of a text, the rendering rules and the settings they depend on: base64url, 43 characters. */
  digestOf(source: TextSource): string;
  /** Stops the threads. */
  close(): Promise<void>;
}

export interface RendererOptions {
  /** Hosts that images may come from. Default: none. */
  readonly imageHosts?: readonly string[];
  /** Default 1: on two cores the other one handles requests and the relay. */
  readonly threads?: number;
  /** Time limit of one text, from its start in a thread. Default 2,000. */
  readonly deadlineMs?: number;
  /** Time limit for starting a thread. Default 20,000: only an overloaded machine needs more than 1,000. */
  readonly startMs?: number;
  /** Heap limit of a thread. Default 256. */
  readonly memoryMb?: number;
}

/**
 * Part of every digest. Increase it when the worker's output changes, so that every text is rendered again.
 */
const rulesVersion = 2;

/** Maximum elements of one text; a browser lays out twice as many in a few tenths of a second. */
const maxElements = 30_000;
/**
 * Maximum nesting depth. Real texts reach 10; parsers, style engines and screen readers have limited
 * stacks.
 */
const maxDepth = 100;
/**
 * Maximum characters of HTML per character of text: 50 for a coloured word of 8 letters. The page contains
 * the HTML twice.
 */
const htmlPerCharacter = 6;
const maxHtmlLength = 700_000;

/**
 * The worker file is looked up from the folder the server runs in: the project's in development, under
 * `next start` and in tests, and the build's own in a container (`outputFileTracingIncludes`).
 */
const workerFile = () =>
  join(/* turbopackIgnore: true */ process.cwd(), "src/lib/rendering/text-worker.mjs");

/** Creates a renderer. Its threads start with the first text and stop after an idle minute. */
export function createRenderer(options: RendererOptions = {}): Renderer {
  const { imageHosts = [], threads = 1, deadlineMs = 2_000, startMs = 20_000 } = options;
  const { memoryMb = 256 } = options;
  let pool: Piscina<RenderTask & { id: number }, string | null> | undefined;
  const begun = new Map<number, () => void>();
  const queue = createFairQueue({ concurrency: threads, waitingPerOwner: 20, waiting: 500 });
  let lastId = 0;

  function open() {
    pool ??= new Piscina({
      filename: workerFile(),
      name: "renderText",
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: 60_000,
      // Lower priority than requests and the relay.
      niceIncrement: 10,
      // The thread does not get the secrets of the process.
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 32 },
    }).on("message", (id: number) => begun.get(id)?.());
    return pool;
  }

  async function run(source: TextSource): Promise<RenderOutcome> {
    lastId += 1;
    const id = lastId;
    const abort = new AbortController();
    let timer = setTimeout(() => abort.abort(), startMs);
    begun.set(id, () => {
      clearTimeout(timer);
      timer = setTimeout(() => abort.abort(), deadlineMs);
    });
    const bounds = { maxHtmlLength: htmlBound(source.text), maxElements, maxDepth };
    try {
      const html = await open().run(
        { ...source, ...bounds, imageHosts, id },
        { signal: abort.signal },
      );
      return html === null ? { reason: "too_large" } : { html };
    } catch {
      // The error may quote the text, so only its kind is kept.
      return { reason: abort.signal.aborted ? "too_slow" : "failed" };
    } finally {
      clearTimeout(timer);
      begun.delete(id);
    }
  }

  return {
    render: async (source, owner) => {
      const endTurn = await queue.enter(owner);
      if (typeof endTurn === "string") return null;
      try {
        return await run(source);
      } finally {
        endTurn();
      }
    },
    digestOf: (source) => {
      const rules = source.kind === "markdown" ? imageHosts.join() : source.language;
      const head = JSON.stringify([rulesVersion, source.kind, rules]);
      return createHash("sha256").update(head).update("\0").update(source.text).digest("base64url");
    },
    close: async () => pool?.destroy(),
  };
}

const htmlBound = (text: string): number =>
  Math.min(maxHtmlLength, Math.max(2_000 + htmlPerCharacter * text.length, 10_000));
