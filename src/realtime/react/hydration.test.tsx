import {
  dehydrate,
  infiniteQueryOptions,
  QueryClient,
  useInfiniteQuery,
} from "@tanstack/react-query";
import { act, cleanup, render, screen } from "@testing-library/react";
import { StrictMode } from "react";
import { afterEach, expect, test } from "vitest";
import {
  article,
  Comments,
  reads,
  setUp,
  wireName,
} from "../../../tests/support/rigs/react-rig.tsx";
import { live } from "../query/binding/live.ts";
import { prefetchLive } from "../query/binding/prefetch-live.ts";
import { countArrivals } from "../query/pages.ts";
import { LiveHydration } from "./live-hydration.tsx";
import { useArrivals } from "./use-arrivals.ts";

afterEach(cleanup);

/** Dehydrated comments of a server, with the cursor that the fake route has for an empty log. */
async function rendered(cursors: Record<string, string> = { [article.name]: "0/0" }) {
  const server = new QueryClient();
  const query = live({ queryKey: ["comments"], queryFn: async () => "from the server" }, [article]);
  await prefetchLive(server, { ...query, staleTime: 60_000 }, { cursors: async () => cursors });
  return dehydrate(server);
}

test("K9 a query prefetched with a cursor is not fetched again, with and without StrictMode", async () => {
  const { queryClient, route, wrap, advance, publish } = setUp();
  queryClient.setDefaultOptions({ queries: { staleTime: 60_000 } });
  reads.count = 0;
  const state = await rendered();
  render(
    <StrictMode>
      {wrap(
        <LiveHydration state={state}>
          <Comments />
        </LiveHydration>,
      )}
    </StrictMode>,
  );
  await advance(1_000);
  expect(screen.getByTestId("comments").textContent).toBe("from the server");
  expect(route.of("catch-up")[0]?.channels).toEqual([{ channel: article.name, cursor: "0/0" }]);
  expect(reads.count).toBe(0);
  publish();
  await advance(1_000);
  expect(reads.count).toBe(1);
});

test("K9 a query without a cursor, or on a channel that is already joined, is fetched once", async () => {
  const { queryClient, wrap, advance } = setUp();
  queryClient.setDefaultOptions({ queries: { staleTime: 60_000 } });
  reads.count = 0;
  let laterMs = 0;
  const page = async (cursors: Record<string, string>) => {
    const state = await rendered(cursors);
    // TanStack hydrates only newer data, by the millisecond.
    laterMs += 1_000;
    for (const query of state.queries) query.state.dataUpdatedAt += laterMs;
    return wrap(
      <LiveHydration state={state}>
        <Comments />
      </LiveHydration>,
    );
  };
  const { rerender } = render(await page({}));
  await advance(1_000);
  expect(reads.count).toBe(1);
  rerender(await page({ [article.name]: "0/0 of another moment" }));
  await advance(1_000);
  expect(reads.count).toBe(2);
});

function Feed() {
  const options = live(
    infiniteQueryOptions({
      queryKey: ["feed"],
      queryFn: async () => {
        reads.count += 1;
        return reads.count;
      },
      initialPageParam: 0,
      getNextPageParam: () => null,
    }),
    [article],
    { pages: countArrivals("comment.created") },
  );
  useInfiniteQuery(options);
  const { count, isExact, show } = useArrivals(options.queryKey);
  return (
    <button type="button" onClick={show}>
      {`${count}${isExact ? "" : "+"} new`}
    </button>
  );
}

test("P3 useArrivals counts new changes and shows them on request", async () => {
  const { broker, wrap, advance, publish } = setUp();
  render(wrap(<Feed />));
  await advance(2_000);
  const button = screen.getByRole("button");
  const before = reads.count;
  await act(() => publish("c1"));
  await act(() => publish("c2"));
  await advance(1_000);
  expect(button.textContent).toBe("2 new");
  await act(() => broker.send(wireName, "comment.created", { v: 1, id: "x" }));
  expect(button.textContent).toBe("3+ new");
  expect(reads.count).toBe(before);
  await act(() => button.click());
  await advance(1_000);
  expect(button.textContent).toBe("0 new");
  expect(reads.count).toBe(before + 1);
});
