import { isDeepStrictEqual } from "node:util";
import { lostFrameMs, positionsMs } from "./bounds.ts";

/** The live status and the data of one query on a page. */
export interface Claim {
  readonly read: string;
  readonly status: string;
  readonly shown: unknown;
}

/** The live status of a visible page and its queries, at one moment. */
export interface PageClaims {
  readonly page: string;
  readonly queries: readonly Claim[];
}

/** I6: reports queries that are live and stale for longer than the bound. */
export interface ClaimWatch {
  /** The query is not live or the page is hidden: forgets the query's earlier samples. */
  restart(who: string, read: string): void;
  /** The query is live. `truth` was selected after `claim` was sampled. */
  live(who: string, claim: Claim, truth: unknown): void;
  /** The state of the page is no better than the worst of its queries (U2). */
  page(who: string, claims: PageClaims): void;
  /** No relay leads and delivers, or the leader has changed. */
  relayFailed(): void;
  /** Empty when I6 holds. */
  readonly violations: () => readonly string[];
}

interface Followed {
  readonly liveSinceMs: number;
  /** Each correct value, with the time of its first sample. */
  readonly truths: { readonly value: unknown; readonly seenMs: number }[];
  shown: unknown;
  shownSinceMs: number;
  isReported: boolean;
}

/** Computed ages never exceed the real ones: a change counts from the first sample that contains it. */
export function createClaimWatch(now: () => number = () => performance.now()): ClaimWatch {
  const followed = new Map<string, Followed>();
  const violations: string[] = [];
  const contradictory = new Set<string>();
  let relayFailedMs = Number.NEGATIVE_INFINITY;

  /** Since when the shown value is stale; undefined while it is current. */
  const staleSinceMs = ({ truths, shown, shownSinceMs }: Followed): number | undefined => {
    const shownAt = truths.findLastIndex(({ value }) => isDeepStrictEqual(value, shown));
    if (shownAt === truths.length - 1) return undefined;
    // A value that was current between two samples only. It became stale after the page showed it.
    if (shownAt === -1) return shownSinceMs;
    return truths[shownAt + 1]?.seenMs;
  };

  return {
    restart: (who, read) => {
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
        isReported: false,
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
      if (sinceMs === undefined || entry.isReported) return;
      const ageMs = nowMs - sinceMs;
      const relayedAgeMs = nowMs - Math.max(sinceMs, relayFailedMs);
      if (ageMs <= positionsMs && relayedAgeMs <= lostFrameMs) return;
      entry.isReported = true;
      violations.push(
        `I6 ${key}: live and stale for ${Math.round(ageMs)} ms, the last ${Math.round(relayedAgeMs)} ms with a working relay; the limits are ${positionsMs} ms and ${lostFrameMs} ms`,
      );
    },
    page: (who, { page, queries }) => {
      const worse = queries.find(({ status }) => status !== "live");
      if (page !== "live" || worse === undefined || contradictory.has(who)) return;
      contradictory.add(who);
      violations.push(`I6 ${who}: the page is live, but ${worse.read} is ${worse.status}`);
    },
    relayFailed: () => {
      relayFailedMs = now();
    },
    violations: () => violations,
  };
}
