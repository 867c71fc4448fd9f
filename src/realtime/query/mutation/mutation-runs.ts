import type { QueryKey } from "@tanstack/react-query";
import type { Clock } from "../../protocol/clock.ts";
import type { AnyQuery } from "../binding/bindings.ts";
import type { MutationRun } from "../bridge-registry.ts";
import type { FetchOrder, MarkOptions, Scheduler } from "../scheduler/scheduling.ts";
import { createOwnMutations, type OwnMutation } from "./own-mutations.ts";

export interface MutationRunsOptions {
  readonly clock: Clock;
  readonly scheduler: Pick<Scheduler<AnyQuery>, "fetchOrder" | "hasRead">;
  findAll(queryKeys: readonly QueryKey[]): readonly AnyQuery[];
  isGone(query: AnyQuery): boolean;
  mark(query: AnyQuery, options: MarkOptions): void;
}

/** The runs of this tab's mutations, by the origin of their signals. */
export interface MutationRuns {
  find(origin: string): OwnMutation | undefined;
  begin(): MutationRun;
}

export function createMutationRuns(options: MutationRunsOptions): MutationRuns {
  const { clock, scheduler } = options;
  const mutations = createOwnMutations(clock);
  return {
    find: mutations.find,
    begin: () => {
      const own: OwnMutation = { since: undefined, settledAtMs: 0, held: new Set() };
      let since: FetchOrder | undefined;
      return {
        recognise: (publishedOrigin) => mutations.add(publishedOrigin, own),
        answered: () => {
          since = scheduler.fetchOrder();
        },
        settle: (queryKeys) => {
          own.since = since ?? scheduler.fetchOrder();
          own.settledAtMs = clock.now();
          for (const query of options.findAll(queryKeys)) own.held.add(query);
          for (const query of own.held) {
            if (options.isGone(query) || scheduler.hasRead(query, own.since)) continue;
            options.mark(query, { since: own.since });
          }
          own.held.clear();
        },
      };
    },
  };
}
