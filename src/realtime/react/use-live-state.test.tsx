import {
  infiniteQueryOptions,
  QueryClient,
  QueryClientProvider,
  useInfiniteQuery,
  useQuery,
} from "@tanstack/react-query";
import { act, cleanup, render, screen, waitFor } from "@testing-library/react";
import { Activity, type ReactNode, StrictMode, Suspense, use } from "react";
import { renderToString } from "react-dom/server";
import { afterEach, expect, test } from "vitest";
import { channel, defineChannels } from "../protocol/channel.ts";
import { live } from "../query/binding/live.ts";
import { countArrivals } from "../query/pages.ts";
import { createFakeBroker } from "../testing/fakes/fake-broker.ts";
import { createFakeClock } from "../testing/fakes/fake-clock.ts";
import { createFakeEnvironment } from "../testing/fakes/fake-environment.ts";
import { createFakeRoute } from "../testing/fakes/fake-route.ts";
import { RealtimeProvider } from "./provider.tsx";
import { useArrivals } from "./use-arrivals.ts";
import { useLiveState } from "./use-live-state.ts";
import { useRealtimeState } from "./use-realtime-state.ts";

const channels = defineChannels({ room: channel("room.{roomId}").signal("note.added") });
const room = channels.room({ roomId: "r1" });

afterEach(cleanup);

const site = { written: 1 };
const notes = live({ queryKey: ["notes"], queryFn: async () => site.written }, [room]);

const counted = live(
  infiniteQueryOptions({
    queryKey: ["counted"],
    queryFn: async () => 1,
    initialPageParam: 0,
    getNextPageParam: () => null,
  }),
  [room],
  { pages: countArrivals("note.added") },
);

function Counted() {
  useInfiniteQuery(counted);
  return null;
}

function Notes() {
  return <p data-testid="notes">{useQuery(notes).data ?? "loading"}</p>;
}

function States() {
  const { status, lastReadAtMs } = useLiveState(notes);
  const byKey = useLiveState(["notes"]).status;
  const states = [useRealtimeState().status, status, byKey, lastReadAtMs !== undefined];
  return <output>{states.join(" ")}</output>;
}

/** Is rendered on the server at once, and on the client when the promise is resolved. */
function Late({ after }: { after: Promise<void> | undefined }) {
  if (after !== undefined) use(after);
  const states = [useRealtimeState().status, useLiveState(notes).status];
  return (
    <output>
      {states.join(" ")}, {useArrivals(counted.queryKey).count} new
    </output>
  );
}

function setUp() {
  const broker = createFakeBroker();
  const route = createFakeRoute();
  const clock = createFakeClock();
  const queryClient = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY } },
  });
  const config = {
    channels,
    transport: broker.transport,
    fetch: route.fetch,
    clock,
    environment: createFakeEnvironment(),
    random: () => 0.1,
  };
  site.written = 1;
  const write = () => {
    site.written += 1;
    const signal = {
      id: `s${site.written}`,
      name: "note.added",
      ids: undefined,
      origin: undefined,
    };
    route.append(room.name, signal);
    broker.publish(route.wireName(room.name), signal);
  };
  const client = (child: ReactNode) => (
    <QueryClientProvider client={queryClient}>{child}</QueryClientProvider>
  );
  const provider = (child: ReactNode) => (
    <RealtimeProvider config={config}>{child}</RealtimeProvider>
  );
  const advance = (ms: number) => act(() => clock.advance(ms));
  return { route, client, provider, advance, write };
}

test("U1 U2 S3.30 components get the state of a query and of the page, and each change", async () => {
  const { client, provider, advance } = setUp();
  const page = client(provider([<Notes key="n" />, <States key="s" />]));
  expect(renderToString(page)).toContain("offline offline offline false");
  render(page);
  await advance(2_000);
  expect(screen.getByRole("status").textContent).toBe("live live live true");
});

test("a part of the page that is hydrated after the query is live and has arrivals does not differ from the server's", async () => {
  const { client, provider, advance, write } = setUp();
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const page = (after?: Promise<void>) =>
    client(
      provider(
        <>
          <Notes />
          <Counted />
          <Suspense>
            <Late after={after} />
          </Suspense>
        </>,
      ),
    );
  const container = document.createElement("div");
  document.body.append(container);
  const shown = () => container.textContent;
  container.innerHTML = renderToString(page());
  expect(shown()).toContain("offline offline, 0 new");
  const errors: unknown[] = [];
  const onRecoverableError = (error: unknown) => errors.push(error);
  await act(async () => {
    render(page(released), { container, hydrate: true, onRecoverableError });
  });
  await advance(2_000);
  write();
  await advance(100);
  expect(shown()).toContain("offline offline, 0 new");
  await act(async () => release());
  await advance(100);
  expect(errors).toEqual([]);
  expect(shown()).toContain("live live, 1 new");
});

test("U1 U2 S3.30 a page whose only query has a channel that is off is not live", async () => {
  const { route, client, provider, advance } = setUp();
  route.turnOff(room.name);
  render(client(provider([<Notes key="n" />, <States key="s" />])));
  await advance(2_000);
  expect(screen.getByRole("status").textContent).toBe("partly-live off off true");
});

for (const place of ["around", "below"] as const) {
  for (const awayMs of [500, 4_500]) {
    for (const isStrict of [false, true]) {
      const mode = isStrict ? ", in StrictMode" : "";
      test(`U7 changes while an Activity ${place} the provider is hidden for ${awayMs} ms are shown afterwards${mode}`, async () => {
        const { client, provider, advance, write } = setUp();
        const page = (mode: "visible" | "hidden") => {
          const hide = (child: ReactNode) => <Activity mode={mode}>{child}</Activity>;
          const inner = place === "around" ? hide(provider(<Notes />)) : provider(hide(<Notes />));
          return isStrict ? <StrictMode>{client(inner)}</StrictMode> : client(inner);
        };
        const { rerender } = render(page("visible"));
        await advance(2_000);
        rerender(page("hidden"));
        await advance(100);
        write();
        await advance(awayMs);
        rerender(page("visible"));
        await advance(2_000);
        await waitFor(() => expect(screen.getByTestId("notes").textContent).toBe("2"));
      });
    }
  }
}
