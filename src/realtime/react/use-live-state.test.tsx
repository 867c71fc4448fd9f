import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, cleanup, render, screen, waitFor } from "@testing-library/react";
import { Activity, type ReactNode, StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { afterEach, expect, test } from "vitest";
import { channel, defineChannels } from "../protocol/channel.ts";
import { live } from "../query/binding/live.ts";
import { createFakeBroker } from "../testing/fakes/fake-broker.ts";
import { createFakeClock } from "../testing/fakes/fake-clock.ts";
import { createFakeEnvironment } from "../testing/fakes/fake-environment.ts";
import { createFakeRoute } from "../testing/fakes/fake-route.ts";
import { RealtimeProvider } from "./provider.tsx";
import { useLiveState } from "./use-live-state.ts";
import { useRealtimeState } from "./use-realtime-state.ts";

const channels = defineChannels({ room: channel("room.{roomId}").signal("note.added") });
const room = channels.room({ roomId: "r1" });

afterEach(cleanup);

const site = { written: 1 };
const notes = live({ queryKey: ["notes"], queryFn: async () => site.written }, [room]);

function Notes() {
  return <p data-testid="notes">{useQuery(notes).data ?? "loading"}</p>;
}

function States() {
  const { status, lastReadAtMs } = useLiveState(notes);
  const byKey = useLiveState(["notes"]).status;
  const states = [useRealtimeState().status, status, byKey, lastReadAtMs !== undefined];
  return <output>{states.join(" ")}</output>;
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
