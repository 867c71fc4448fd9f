import type { Clock } from "../../protocol/clock.ts";
import type { AnyQuery } from "../binding/bindings.ts";
import type { FetchOrder } from "../scheduler/scheduling.ts";

const remembered = 50;
const rememberedMs = 2 * 60_000;

/** One run of a mutation of this tab. */
export interface OwnMutation {
  /** Fetches that began after this point include its changes. Undefined while it runs. */
  since: FetchOrder | undefined;
  settledAtMs: number;
  /** Queries with one of its signals while it ran. */
  readonly held: Set<AnyQuery>;
}

/** The mutations of this tab by published origin. */
export interface OwnMutations {
  find(origin: string): OwnMutation | undefined;
  add(origin: string, mutation: OwnMutation): void;
}

/** Remembers running mutations, and the last 50 settled ones for 2 minutes, because signals may arrive late. */
export function createOwnMutations(clock: Clock): OwnMutations {
  const mutations = new Map<string, OwnMutation>();
  const isOver = ({ since, settledAtMs }: OwnMutation) =>
    since !== undefined && clock.now() - settledAtMs >= rememberedMs;

  return {
    find: (origin) => {
      const mutation = mutations.get(origin);
      return mutation && !isOver(mutation) ? mutation : undefined;
    },
    add: (origin, mutation) => {
      mutations.set(origin, mutation);
      for (const [oldest, { since }] of mutations) {
        if (mutations.size <= remembered) return;
        if (since !== undefined) mutations.delete(oldest);
      }
    },
  };
}
