import {
  dehydrate,
  infiniteQueryOptions,
  QueryClient,
  QueryClientProvider,
  useInfiniteQuery,
  useQuery,
} from "@tanstack/react-query";
import { act, cleanup, render, screen, waitFor } from "@testing-library/react";
import { type ReactNode, StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { afterEach, expect, test, vi } from "vitest";
import { channel, defineChannels } from "../protocol/channel.ts";
import { ids } from "../protocol/ids.ts";
import { live } from "../query/binding/live.ts";
import { prefetchLive } from "../query/binding/prefetch-live.ts";
import { countArrivals } from "../query/pages.ts";
import { createFakeBroker } from "../testing/fakes/fake-broker.ts";
import { createFakeClock } from "../testing/fakes/fake-clock.ts";
import { createFakeEnvironment } from "../testing/fakes/fake-environment.ts";
import { createFakeRoute } from "../testing/fakes/fake-route.ts";
import { LiveHydration } from "./live-hydration.tsx";
import { RealtimeProvider } from "./provider.tsx";
import { useArrivals } from "./use-arrivals.ts";
import { useInvalidation } from "./use-invalidation.ts";
import { useRealtimeState } from "./use-realtime-state.ts";
import { useSignals } from "./use-signals.ts";

const channels = defineChannels({
  article: channel("article.{articleId}").signal("comment.created", ids("commentId")),
});
const article = channels.article({ articleId: "a1" });
const wireName = "private-article.a1.e0";

afterEach(cleanup);

function setUp({ isSignedIn = true } = {}) {
  const broker = createFakeBroker();
  const route = createFakeRoute();
  const clock = createFakeClock();
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const config = {
    channels,
    transport: isSignedIn ? broker.transport : undefined,
    fetch: route.fetch,
    clock,
    environment: createFakeEnvironment(),
    random: () => 0.5,
  };
  const wrap = (children: ReactNode) => (
    <QueryClientProvider client={queryClient}>
      <RealtimeProvider config={config}>{children}</RealtimeProvider>
    </QueryClientProvider>
  );
  const advance = (ms: number) => act(() => clock.advance(ms));
  let serial = 0;
  const publish = (commentId = "c1") => {
    serial += 1;
    const name = "comment.created";
    broker.publish(wireName, { id: `s${serial}`, name, ids: [{ commentId }], origin: undefined });
  };
  return { broker, route, clock, queryClient, wrap, advance, publish };
}

let reads = 0;
function Comments({ label = "comments" }: { label?: string }) {
  const { data } = useQuery(
    live(
      {
        queryKey: [label],
        queryFn: async () => {
          reads += 1;
          return reads;
        },
      },
      [channels.article({ articleId: "a1" })],
    ),
  );
  return <p data-testid={label}>{data ?? "loading"}</p>;
}

function Status() {
  return <output>{useRealtimeState().status}</output>;
}

interface ToastProps {
  readonly target: typeof article | null;
  readonly say: (commentId: string | undefined) => void;
}
function Toast({ target, say }: ToastProps) {
  useSignals(target, { "comment.created": ({ ids: changes }) => say(changes?.[0]?.commentId) });
  return null;
}

function Elsewhere() {
  const read = async () => 1;
  useQuery({ queryKey: ["count", "c1"], queryFn: read, staleTime: Number.POSITIVE_INFINITY });
  useQuery({ queryKey: ["count", "c2"], queryFn: read, staleTime: Number.POSITIVE_INFINITY });
  useInvalidation(article, (signal) =>
    signal?.ids === undefined
      ? [["count"]]
      : signal.ids.map(({ commentId }) => ["count", commentId]),
  );
  return null;
}

test("StrictMode's double mount leaves one socket and one subscription", async () => {
  const { broker, wrap, advance } = setUp();
  render(<StrictMode>{wrap(<Comments />)}</StrictMode>);
  await advance(10_000);
  expect(broker.attempts()).toBe(1);
  expect(broker.log).toEqual([`+${wireName}`]);
});

test("two components share a channel, and each receives signals after the other unmounts", async () => {
  const { broker, queryClient, wrap, advance, publish } = setUp();
  const { rerender } = render(
    wrap([<Comments key="1" label="one" />, <Comments key="2" label="two" />]),
  );
  await advance(1_000);
  rerender(wrap(<Comments key="2" label="two" />));
  await advance(10_000);
  const before = queryClient.getQueryState(["two"])?.dataUpdateCount ?? 0;
  publish();
  await advance(1_000);
  expect(queryClient.getQueryState(["two"])?.dataUpdateCount).toBe(before + 1);
  expect(broker.log).toEqual([`+${wireName}`]);
});

test("the channel is left and the socket closed 3 s after the last component", async () => {
  const { broker, clock, wrap, advance } = setUp();
  const { unmount } = render(wrap(<Comments />));
  await advance(1_000);
  unmount();
  await advance(2_999);
  expect(broker.sockets.size).toBe(1);
  await advance(1);
  expect(broker.sockets.size).toBe(0);
  expect(clock.pending()).toBe(0);
});

test("a signal updates a query that is bound with live()", async () => {
  const { wrap, advance, publish } = setUp();
  render(wrap(<Comments />));
  await advance(1_000);
  const before = screen.getByTestId("comments").textContent;
  publish();
  await advance(1_000);
  await waitFor(() => expect(screen.getByTestId("comments").textContent).not.toBe(before));
});

test("useRealtimeState returns the state of the page", async () => {
  const { broker, wrap, advance } = setUp();
  render(wrap([<Status key="s" />, <Comments key="c" />]));
  await advance(1_000);
  expect(screen.getByRole("status").textContent).toBe("live");
  await act(async () => broker.stop());
  expect(screen.getByRole("status").textContent).toBe("degraded");
});

test("S3.20 without a transport queries fetch, and nothing else happens", async () => {
  const { broker, route, wrap, advance } = setUp({ isSignedIn: false });
  render(wrap([<Status key="s" />, <Comments key="c" />]));
  await advance(60_000);
  await waitFor(() => expect(screen.getByTestId("comments").textContent).not.toBe("loading"));
  expect(screen.getByRole("status").textContent).toBe("offline");
  expect([broker.attempts(), route.requests.length]).toEqual([0, 0]);
});

test("on a server the provider only renders", () => {
  const { broker, clock, wrap } = setUp();
  expect(renderToString(wrap([<Status key="s" />, <Comments key="c" />]))).toContain("offline");
  expect([broker.attempts(), clock.pending()]).toEqual([0, 0]);
});

test("useSignals calls the latest handler, for declared signals with declared ids", async () => {
  const { broker, wrap, advance, publish } = setUp();
  const heard: string[] = [];
  const toast = (label: string, target: typeof article | null) => (
    <Toast target={target} say={(commentId) => heard.push(`${label} ${commentId}`)} />
  );
  const { rerender } = render(wrap(toast("first", null)));
  await advance(1_000);
  expect(broker.attempts()).toBe(0);
  rerender(wrap(toast("first", article)));
  await advance(1_000);
  publish("c1");
  rerender(wrap(toast("second", channels.article({ articleId: "a1" }))));
  publish("c2");
  broker.send(wireName, "comment.created", { v: 1, id: "x", ids: [{ otherId: "c3" }] });
  broker.send(wireName, "poll.closed", {});
  expect(heard).toEqual(["first c1", "second c2", "second undefined"]);
  expect(broker.log).toEqual([`+${wireName}`]);
});

test("useInvalidation invalidates the queries of a signal, and all its queries when signals may have been missed", async () => {
  const { broker, queryClient, wrap, advance, publish } = setUp();
  render(wrap(<Elsewhere />));
  await advance(1_000);
  const counts = () =>
    ["c1", "c2"].map((id) => queryClient.getQueryState(["count", id])?.dataUpdateCount ?? 0);
  const [one = 0, two = 0] = counts();
  publish("c1");
  await advance(1_000);
  expect(counts()).toEqual([one + 1, two]);
  broker.send(wireName, "poll.closed", {});
  await advance(1_000);
  expect(counts()).toEqual([one + 2, two + 1]);
});

test("without a provider the hooks throw an error that names it", () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const lonely = () =>
    render(
      <QueryClientProvider client={new QueryClient()}>
        <Status />
      </QueryClientProvider>,
    );
  expect(lonely).toThrow("No RealtimeProvider above this component");
});

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
  reads = 0;
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
  expect(reads).toBe(0);
  publish();
  await advance(1_000);
  expect(reads).toBe(1);
});

test("K9 a query without a cursor, or on a channel that is already joined, is fetched once", async () => {
  const { queryClient, wrap, advance } = setUp();
  queryClient.setDefaultOptions({ queries: { staleTime: 60_000 } });
  reads = 0;
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
  expect(reads).toBe(1);
  rerender(await page({ [article.name]: "0/0 of another moment" }));
  await advance(1_000);
  expect(reads).toBe(2);
});

function Feed() {
  const options = live(
    infiniteQueryOptions({
      queryKey: ["feed"],
      queryFn: async () => {
        reads += 1;
        return reads;
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
  const before = reads;
  await act(() => publish("c1"));
  await act(() => publish("c2"));
  await advance(1_000);
  expect(button.textContent).toBe("2 new");
  await act(() => broker.send(wireName, "comment.created", { v: 1, id: "x" }));
  expect(button.textContent).toBe("3+ new");
  expect(reads).toBe(before);
  await act(() => button.click());
  await advance(1_000);
  expect(button.textContent).toBe("0 new");
  expect(reads).toBe(before + 1);
});
