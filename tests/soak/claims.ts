import { isDeepStrictEqual } from "node:util";
import { lostFrameMs, positionsMs } from "./bounds.ts";

/** What a page says about one query, and what it shows. */
export interface Claim {
  readonly read: string;
  readonly status: string;
  readonly shown: unknown;
}

/** What one visible page says about itself, at one moment. */
export interface PageClaims {
  readonly page: string;
  readonly queries: readonly Claim[];
}

/** I6: holds pages to what they say. "Live" and stale for longer than the bound is a failure. */
export interface ClaimWatch {
  /** The page says something else than live, or nobody looks at it: its time begins again. */
  excuse(who: string, read: string): void;
  /** A query is live. `truth` was selected after `shown` was sampled. */
  live(who: string, claim: Claim, truth: unknown): void;
  /** The state of the page is no better than the worst of its queries (U2). */
  page(who: string, claims: PageClaims): void;
  /** No relay leads and delivers now, or another one has taken the lead. */
  relayFailed(): void;
  /** In words; empty when I6 holds. */
  readonly violations: () => readonly string[];
}

interface Followed {
  readonly liveSinceMs: number;
  /** Each truth, and when it was first seen. */
  readonly truths: { readonly value: unknown; readonly seenMs: number }[];
  shown: unknown;
  shownSinceMs: number;
  isAccused: boolean;
}

/** All ages are at most the real ones: a change is as old as the first sample that has it. */
export function createClaimWatch(now: () => number = () => performance.now()): ClaimWatch {
  const followed = new Map<string, Followed>();
  const violations: string[] = [];
  const contradictory = new Set<string>();
  let relayFailedMs = Number.NEGATIVE_INFINITY;

  /** When what is shown stopped being true; undefined while it is true. */
  const staleSinceMs = ({ truths, shown, shownSinceMs }: Followed): number | undefined => {
    const shownAt = truths.findLastIndex(({ value }) => isDeepStrictEqual(value, shown));
    if (shownAt === truths.length - 1) return undefined;
    // A value between two samples: it was true until the page showed it at least.
    if (shownAt === -1) return shownSinceMs;
    return truths[shownAt + 1]?.seenMs;
  };

  return {
    excuse: (who, read) => {
      followed.delete(`${who}, ${read}`);
    },
    live: (who, { read, shown }, truth) => {
      const key = `${who}, ${read}`;
      const nowMs = now();
      const known = followed.get(key);
      const entry: Followed = known ?? {
        liveSinceMs: nowMs,
        truths: [],
        shown,
        shownSinceMs: nowMs,
        isAccused: false,
      };
      followed.set(key, entry);
      if (!isDeepStrictEqual(entry.shown, shown)) {
        entry.shown = shown;
        entry.shownSinceMs = nowMs;
      }
      const last = entry.truths.at(-1);
      if (last === undefined || !isDeepStrictEqual(last.value, truth)) {
        entry.truths.push({ value: truth, seenMs: nowMs });
      }
      const sinceMs = staleSinceMs(entry);
      if (sinceMs === undefined || entry.isAccused) return;
      const ageMs = nowMs - sinceMs;
      const relayedAgeMs = nowMs - Math.max(sinceMs, relayFailedMs);
      if (ageMs <= positionsMs && relayedAgeMs <= lostFrameMs) return;
      entry.isAccused = true;
      violations.push(
        `I6 ${key}: live, and stale for ${Math.round(ageMs)} ms, of which a relay worked for the last ${Math.round(relayedAgeMs)} ms; allowed are ${positionsMs} and ${lostFrameMs} ms`,
      );
    },
    page: (who, { page, queries }) => {
      const worse = queries.find(({ status }) => status !== "live");
      if (page !== "live" || worse === undefined || contradictory.has(who)) return;
      contradictory.add(who);
      violations.push(`I6 ${who}: the page is live, and ${worse.read} is ${worse.status}`);
    },
    relayFailed: () => {
      relayFailedMs = now();
    },
    violations: () => violations,
  };
}
