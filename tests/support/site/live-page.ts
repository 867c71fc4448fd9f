import {
  hashKey,
  InfiniteQueryObserver,
  QueryClient,
  type QueryKey,
  QueryObserver,
} from "@tanstack/react-query";
import { createQueryBridge } from "querycast";
import { expect, onTestFinished, vi } from "vitest";
import type { ReadContext } from "@/wiring/context-types.ts";
import { createFakeEnvironment } from "../../../src/realtime/testing/fakes/fake-environment.ts";
import { memberOf, type RolloutRig } from "../rigs/rollout-rig.ts";
import type { viewers } from "../rows/rls-rows.ts";

/** Answers the site's GET routes by path, as `app/api` does. */
type Routes = Readonly<
  Record<string, (params: Readonly<Record<string, string>>) => (ctx: ReadContext) => unknown>
>;

/** The queries of a page in a viewer's browser. */
export interface LivePage {
  /** Number of fetches of a query so far. */
  fetches(queryKey: QueryKey): number;
  /** How often a query was marked as stale by a signal. */
  staleBySignal(queryKey: QueryKey): number;
  data<Data>(queryKey: QueryKey): Data | undefined;
  /** Resolves when no query has been fetched for `forMs`, and none waits for its turn, as after a gap. */
  isQuiet(forMs?: number): Promise<void>;
}

/**
 * Shows queries of the site as a page does: with their own keys, query functions and bindings, over a real
 * Soketi. Their requests are answered by `routes` in the viewer's own transaction. Resolves when the page is
 * live and quiet.
 */
export async function openLivePage(
  rig: RolloutRig,
  viewer: (typeof viewers)["rea" | "ann"],
  queries: readonly { readonly queryKey: QueryKey }[],
  routes: Routes,
): Promise<LivePage> {
  // The site's requests name the account of the document.
  vi.stubGlobal("document", { documentElement: { dataset: { viewer: viewer.userId } } });
  vi.stubGlobal("fetch", async (path: string) => {
    const { pathname, searchParams } = new URL(path, "http://site.test");
    const query = routes[pathname]?.(Object.fromEntries(searchParams));
    if (query === undefined) throw new Error(`No route answers ${pathname}.`);
    return Response.json(await rig.site.contexts.read(viewer)(async (ctx) => query(ctx)));
  });

  const environment = createFakeEnvironment();
  const { client } = await rig.openBrowser(memberOf(viewer), { environment });
  const fetches = new Map<string, number>();
  const stale = new Map<string, number>();
  const count = (counts: Map<string, number>, hash: string) =>
    counts.set(hash, (counts.get(hash) ?? 0) + 1);
  const due = new Set<string>();
  client.tracing.listen((event) => {
    if (event.type === "fetch") due.delete(event.query);
    if (event.type !== "stale") return;
    due.add(event.query);
    if (event.cause.type === "signal") count(stale, event.query);
  });
  const queryClient = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY } },
  });
  queryClient.getQueryCache().subscribe((event) => {
    if (event.type !== "updated" || event.action.type !== "fetch") return;
    count(fetches, event.query.queryHash);
  });
  const bridge = createQueryBridge({ client, queryClient, environment });
  const detach = bridge.attach();
  const leave = queries.map((options) =>
    "initialPageParam" in options
      ? new InfiniteQueryObserver(queryClient, options as never).subscribe(() => {})
      : new QueryObserver(queryClient, options).subscribe(() => {}),
  );
  onTestFinished(() => {
    for (const each of leave) each();
    detach();
    queryClient.clear();
    vi.unstubAllGlobals();
  });

  const page: LivePage = {
    fetches: (queryKey) => fetches.get(hashKey(queryKey)) ?? 0,
    staleBySignal: (queryKey) => stale.get(hashKey(queryKey)) ?? 0,
    data: (queryKey) => queryClient.getQueryData(queryKey),
    isQuiet: async (forMs = 600) => {
      const total = () => [...fetches.values()].reduce((sum, each) => sum + each, 0);
      let before = -1;
      await vi.waitFor(
        () => {
          const now = total();
          const isQuiet = now === before && queryClient.isFetching() === 0 && due.size === 0;
          before = now;
          expect(isQuiet).toBe(true);
        },
        { timeout: 20_000, interval: forMs },
      );
    },
  };
  await vi.waitFor(() => expect(client.getState().status).toBe("live"), 15_000);
  await page.isQuiet();
  return page;
}
