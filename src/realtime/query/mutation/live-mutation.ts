import type {
  DefaultError,
  InferDataFromTag,
  MutationFunctionContext,
  QueryClient,
  QueryKey,
  UseMutationOptions,
} from "@tanstack/react-query";
import { createOrigin, publishedOrigin } from "../../protocol/origin.ts";
import { bridgeRegistry } from "../bridge-registry.ts";
import { hold } from "./hold.ts";
import { type OptimisticChange, showChange } from "./optimistic.ts";

/** TanStack's context of a mutation function, with the origin of this run. */
export type LiveMutationContext = MutationFunctionContext & {
  /**
   * Send it to the server with the variables. There pass it through `originOf` to `publish`. It is a secret
   * of this tab. Retries of the mutation have the same origin.
   */
  readonly origin: string;
};

/**
 * Applies an optimistic change to every query under the key that has data. A key made by `queryOptions`
 * types the data; for another key give the type: `show<List>(key, …)`. `change` must return new data and not
 * modify its argument; it may be called again.
 */
export type ShowChange = <
  FnData = unknown,
  Key extends QueryKey = QueryKey,
  Data = InferDataFromTag<FnData, Key>,
>(
  queryKey: Key,
  change: (data: NoInfer<Data>) => NoInfer<Data>,
) => void;

/** Options of {@link liveMutation}: those of `useMutation`, an origin for `mutationFn`, and `optimistic`. */
export type LiveMutationOptions<Data, Failure, Variables, OnMutateResult> = Omit<
  UseMutationOptions<Data, Failure, Variables, OnMutateResult>,
  "mutationFn"
> & {
  readonly mutationFn: (variables: Variables, context: LiveMutationContext) => Promise<Data>;
  /**
   * Describes the optimistic changes by calls of `show`. Runs before `onMutate`. The changes are applied
   * after running fetches of these queries were cancelled, and undone when the mutation fails; changes of
   * other mutations stay.
   */
  readonly optimistic?: (variables: Variables, show: ShowChange) => void;
};

/**
 * Options for `useMutation` of a mutation with optimistic changes that recognises its own signals:
 *
 * ```ts
 * useMutation(liveMutation({
 *   mutationFn: (input: NewComment, { origin }) => createCommentAction(input, origin),
 *   optimistic: (input, show) => show(commentsQuery.queryKey, (comments) => [...comments, input]),
 * }));
 * ```
 *
 * While the mutation runs, this tab holds back its signals, and no signal makes it fetch a query with an
 * optimistic change: older data cannot replace the change. When the mutation has settled, these queries are
 * fetched once. Its signals are then ignored for queries that were fetched since the server's answer, for
 * 2 minutes. Other tabs and users get the signals at once. Without a `RealtimeProvider` the changed queries
 * are invalidated when the mutation has settled.
 */
export function liveMutation<
  Data = unknown,
  Failure = DefaultError,
  Variables = void,
  OnMutateResult = unknown,
>(
  options: LiveMutationOptions<Data, Failure, Variables, OnMutateResult>,
): UseMutationOptions<Data, Failure, Variables, OnMutateResult> {
  const { mutationFn, optimistic, ...rest } = options;
  return {
    ...rest,
    mutationFn: async (variables, context) => {
      const run = runOf(context);
      await run.isRecognised;
      try {
        return await mutationFn(variables, { ...context, origin: run.origin });
      } finally {
        run.answered();
      }
    },
    onMutate: async (variables, context) => {
      await runOf(context).show(changesOf(variables, optimistic));
      // As in TanStack, the result is `undefined` without `onMutate`.
      return options.onMutate?.(variables, context) as OnMutateResult;
    },
    onError: (error, variables, result, context) => {
      runOf(context).undo();
      return options.onError?.(error, variables, result, context);
    },
    onSettled: (data, error, variables, result, context) => {
      runOf(context).settle();
      return options.onSettled?.(data, error, variables, result, context);
    },
  };
}

interface Change {
  readonly queryKey: QueryKey;
  readonly change: (data: never) => unknown;
}

function changesOf<Variables>(
  variables: Variables,
  optimistic: ((variables: Variables, show: ShowChange) => void) | undefined,
): readonly Change[] {
  const changes: Change[] = [];
  optimistic?.(variables, (queryKey, change) => changes.push({ queryKey, change }));
  return changes;
}

/** Runs by context: TanStack passes the same object to all callbacks of a run, including retries. */
const runs = new WeakMap<MutationFunctionContext, ReturnType<typeof createRun>>();

function runOf(context: MutationFunctionContext) {
  const known = runs.get(context);
  if (known !== undefined) return known;
  const run = createRun(context.client);
  runs.set(context, run);
  return run;
}

function createRun(client: QueryClient) {
  const origin = createOrigin();
  const tracked = bridgeRegistry.get(client)?.begin();
  const shown: OptimisticChange[] = [];
  const releases: (() => void)[] = [];
  let queryKeys: readonly QueryKey[] = [];
  return {
    origin,
    // Without HTTPS browsers cannot hash the origin; the run's signals then cost one more fetch.
    isRecognised: tracked && publishedOrigin(origin).then(tracked.recognise, () => {}),
    show: async (changes: readonly Change[]) => {
      queryKeys = changes.map(({ queryKey }) => queryKey);
      for (const queryKey of queryKeys) releases.push(hold(client, queryKey));
      await Promise.all(queryKeys.map((queryKey) => client.cancelQueries({ queryKey })));
      for (const { queryKey, change } of changes) {
        for (const query of client.getQueryCache().findAll({ queryKey })) {
          if (query.state.data === undefined) continue;
          // `ShowChange` has tied the type of `change` to the key.
          shown.push(showChange(query, change as (data: unknown) => unknown));
        }
      }
    },
    answered: () => tracked?.answered(),
    undo: () => {
      for (const change of shown.splice(0)) change.undo();
    },
    settle: () => {
      for (const change of shown) change.keep();
      for (const release of releases) release();
      if (tracked !== undefined) return tracked.settle(queryKeys);
      for (const queryKey of queryKeys) void client.invalidateQueries({ queryKey });
    },
  };
}
