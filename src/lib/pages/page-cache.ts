import type { CapturedPage } from "./captured-page.ts";

export interface PageCacheOptions {
  /**
   * Resolves to whether anything that pages show may have changed since the last call. Called once in
   * `checkMs` at most, and only while pages are asked for.
   */
  readonly hasChanged: () => Promise<boolean>;
  /** Default 1,000: a visitor sees a change at most this much later. */
  readonly checkMs?: number;
  /** Default 10,000: for changes without a signal. */
  readonly maxAgeMs?: number;
  /** Default 64,000,000, of all pages. The page that was used least recently goes first. */
  readonly maxBytes?: number;
}

export interface PageCache {
  /**
   * The page under a key, rendered at most once at a time. A render that does not yield a page is not shared:
   * then each caller gets null and renders its own response.
   *
   * @param render Called by one of the callers at a time.
   * @returns The page and whether this call rendered it.
   */
  get(
    key: string,
    render: () => Promise<CapturedPage | null>,
  ): Promise<{ readonly page: CapturedPage | null; readonly isOwn: boolean }>;
}

interface Render {
  readonly page: Promise<CapturedPage | null>;
  readonly sinceMs: number;
}

interface Entry {
  readonly page: CapturedPage;
  /** When its render began. */
  readonly sinceMs: number;
}

/** Pages that are the same for every visitor without an account, in the memory of this process. */
export function createPageCache({
  hasChanged,
  checkMs = 1_000,
  maxAgeMs = 10_000,
  maxBytes = 64_000_000,
}: PageCacheOptions): PageCache {
  const entries = new Map<string, Entry>();
  const renders = new Map<string, Render>();
  let bytes = 0;
  let checkedMs = Number.NEGATIVE_INFINITY;
  let check: Promise<void> | null = null;
  /** Pages whose render began before it may show what has changed since. */
  let validFromMs = Number.NEGATIVE_INFINITY;

  /** Pages are not served on the word of a check that failed. */
  async function checkAgain(): Promise<void> {
    const startMs = performance.now();
    const isChanged = await hasChanged().catch(() => true);
    // Not the start: a render that began during the check may have read what was there before.
    if (isChanged) validFromMs = performance.now();
    checkedMs = startMs;
  }

  function remove(key: string, entry: Entry): void {
    if (entries.delete(key)) bytes -= entry.page.bytes;
  }

  function currentPage(key: string): CapturedPage | null {
    const entry = entries.get(key);
    if (entry === undefined) return null;
    const isCurrent = entry.sinceMs >= validFromMs && performance.now() - entry.sinceMs < maxAgeMs;
    remove(key, entry);
    if (!isCurrent) return null;
    keep(key, entry); // Now the one used last.
    return entry.page;
  }

  function keep(key: string, entry: Entry): void {
    const known = entries.get(key);
    if (known !== undefined && known.sinceMs > entry.sinceMs) return;
    if (known !== undefined) remove(key, known);
    entries.set(key, entry);
    bytes += entry.page.bytes;
    for (const [oldest, each] of entries) {
      if (bytes <= maxBytes) break;
      remove(oldest, each);
    }
  }

  return {
    get: async (key, render) => {
      if (performance.now() - checkedMs >= checkMs) {
        check ??= checkAgain().finally(() => {
          check = null;
        });
        await check;
      }
      const page = currentPage(key);
      if (page !== null) return { page, isOwn: false };
      const underway = renders.get(key);
      if (underway !== undefined && underway.sinceMs >= validFromMs) {
        return { page: await underway.page.catch(() => null), isOwn: false };
      }
      const own: Render = { page: render(), sinceMs: performance.now() };
      renders.set(key, own);
      try {
        const rendered = await own.page;
        if (rendered !== null) keep(key, { page: rendered, sinceMs: own.sinceMs });
        return { page: rendered, isOwn: true };
      } finally {
        if (renders.get(key) === own) renders.delete(key);
      }
    },
  };
}
