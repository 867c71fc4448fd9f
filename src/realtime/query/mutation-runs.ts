import type { QueryKey } from "@tanstack/react-query";
import type { Clock } from "../client/clock.ts";
import type { MutationRun } from "./attached.ts";
import type { AnyQuery } from "./bindings.ts";
import { createOwnMutations, type OwnMutation } from "./own-mutations.ts";
import type { MarkOptions, Moment, Scheduler } from "./scheduling.ts";

export interface MutationRunsOptions {
  readonly clock: Clock;
  readonly scheduler: Pick<Scheduler<AnyQuery>, "moment" | "hasRead">;
  findAll(queryKeys: readonly QueryKey[]): readonly AnyQuery[];
  isGone(query: AnyQuery): boolean;
  mark(query: AnyQuery, options: MarkOptions): void;
}

/** The runs of this tab's mutations, and which signals are theirs. */
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
      let since: Moment | undefined;
      return {
        recognise: (publishedOrigin) => mutations.add(publishedOrigin, own),
        answered: () => {
          since = scheduler.moment();
        },
        settle: (queryKeys) => {
          own.since = since ?? scheduler.moment();
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
