import type {
  DefaultError,
  InferDataFromTag,
  MutationFunctionContext,
  QueryClient,
  QueryKey,
  UseMutationOptions,
} from "@tanstack/react-query";
import { createOrigin, publishedOrigin } from "../protocol/origin.ts";
import { attached } from "./attached.ts";
import { hold } from "./hold.ts";
import { type OptimisticChange, showChange } from "./optimistic.ts";

/** TanStack's context of a mutation, and the origin of this run. */
export type LiveMutationContext = MutationFunctionContext & {
  /**
   * Hand it to the server with the variables; there it goes through `originOf` into `publish`. It is a
   * secret of this tab, and the same when the mutation is retried.
   */
  readonly origin: string;
};

/**
 * Shows a change of every query under a key that has data, until the server has answered. A key made by
 * `queryOptions` types the data; for another, name the type: `show<List>(key, …)`.
 */
export type ShowChange = <
  FnData = unknown,
  Key extends QueryKey = QueryKey,
  Data = InferDataFromTag<FnData, Key>,
>(
  queryKey: Key,
  change: (data: NoInfer<Data>) => NoInfer<Data>,
) => void;

export type LiveMutationOptions<Data, Failure, Variables, OnMutateResult> = Omit<
  UseMutationOptions<Data, Failure, Variables, OnMutateResult>,
  "mutationFn"
> & {
  readonly mutationFn: (variables: Variables, context: LiveMutationContext) => Promise<Data>;
  /**
   * What to show at once. It is taken back when the mutation fails, and only it. Runs before `onMutate`
   * and only describes: the changes are made when no older answer can arrive any more.
   */
  readonly optimistic?: (variables: Variables, show: ShowChange) => void;
};

/**
 * A mutation that knows its own signals. For `useMutation`, like TanStack's `mutationOptions`:
 *
 * ```ts
 * useMutation(liveMutation({
 *   mutationFn: (input: NewComment, { origin }) => createCommentAction(input, origin),
 *   optimistic: (input, show) => show(commentsQuery.queryKey, (comments) => [...comments, input]),
 * }));
 * ```
 *
 * While it runs, its own signals are held everywhere in this tab, and no query it changed is fetched for
 * anybody's signal: no older answer replaces what is shown. When it has settled, those queries are read
 * once, and its signals, whenever they arrive, make nothing stale that was read since the server's
 * answer. Other tabs and other people hear them at once. Without a `RealtimeProvider` it is a plain
 * mutation with optimistic changes, whose queries are invalidated in the end.
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
      // Without `onMutate` its result is `undefined`, as TanStack has it.
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

/** TanStack hands one context object to all callbacks of a run, retries included. */
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
  const told = attached.get(client)?.begin();
  const shown: OptimisticChange[] = [];
  const releases: (() => void)[] = [];
  let queryKeys: readonly QueryKey[] = [];
  return {
    origin,
    // A page loaded over plain http cannot hash: its own signals cost it one read more.
    isRecognised: told && publishedOrigin(origin).then(told.recognise, () => {}),
    show: async (changes: readonly Change[]) => {
      queryKeys = changes.map(({ queryKey }) => queryKey);
      for (const queryKey of queryKeys) releases.push(hold(client, queryKey));
      await Promise.all(queryKeys.map((queryKey) => client.cancelQueries({ queryKey })));
      for (const { queryKey, change } of changes) {
        for (const query of client.getQueryCache().findAll({ queryKey })) {
          if (query.state.data === undefined) continue;
          // Who named the key named the type of its data.
          shown.push(showChange(query, change as (data: unknown) => unknown));
        }
      }
    },
    answered: () => told?.answered(),
    undo: () => {
      for (const change of shown.splice(0)) change.undo();
    },
    settle: () => {
      for (const change of shown) change.keep();
      for (const release of releases) release();
      if (told !== undefined) return told.settle(queryKeys);
      for (const queryKey of queryKeys) void client.invalidateQueries({ queryKey });
    },
  };
}
