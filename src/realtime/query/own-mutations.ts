import type { Clock } from "../client/clock.ts";
import type { AnyQuery } from "./bindings.ts";
import type { Moment } from "./scheduling.ts";

const remembered = 50;
const rememberedMs = 2 * 60_000;

/** One run of a mutation of this tab. */
export interface OwnMutation {
  /** Whoever read after this moment has seen what it did. `undefined` while it runs. */
  since: Moment | undefined;
  settledAtMs: number;
  /** What its own signals would have made stale while it ran. */
  readonly held: Set<AnyQuery>;
}

/** The mutations of this tab, by the origin their signals carry. */
export interface OwnMutations {
  find(origin: string): OwnMutation | undefined;
  add(origin: string, mutation: OwnMutation): void;
}

/** Remembers whatever runs, and of what has settled the last 50, for 2 minutes: signals come late. */
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
