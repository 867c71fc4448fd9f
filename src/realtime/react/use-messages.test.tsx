import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, render, screen, waitFor } from "@testing-library/react";
import { Activity, StrictMode } from "react";
import { afterEach, expect, test } from "vitest";
import { createFakeParts } from "../../../tests/support/rigs/fake-parts.ts";
import { createRealtimeClient } from "../client/client.ts";
import { channel, defineChannels } from "../protocol/channel.ts";
import { fields } from "../protocol/ephemeral/fields.ts";
import { RealtimeProvider } from "./provider.tsx";
import { useLatestMessage, useMessages } from "./use-messages.ts";

const channels = defineChannels({
  import: channel("import.{importId}", {
    ephemeral: { lastN: 2, messageTTL: 300, maxAge: 250 },
  }).message("import.progress", fields({ done: "number" })),
});
const upload = channels.import({ importId: "i1" });
const wireName = "private-import.i1.e0";

afterEach(cleanup);

const frame = (done: number) => ({
  v: 1,
  id: `p-${done}`,
  from: "p",
  n: done,
  sentAtMs: 0,
  type: "import.progress",
  fields: { done },
});
const kept = (done: number, ageMs: number) => ({ data: JSON.stringify(frame(done)), ageMs });

function Listener({ hear }: { hear: (done: number) => void }) {
  useMessages(upload, (message) => hear(message.fields.done));
  return null;
}

function Progress() {
  return <output>{useLatestMessage(upload)?.fields.done ?? "none"}</output>;
}

function setUp() {
  const { broker, route, clock, options } = createFakeParts();
  const queryClient = new QueryClient();
  const config = { ...options, channels };
  const wrap = (children: React.ReactNode) => (
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RealtimeProvider config={config}>{children}</RealtimeProvider>
      </QueryClientProvider>
    </StrictMode>
  );
  const send = (done: number) => act(() => broker.send(wireName, "querycast.message", frame(done)));
  return { broker, route, wrap, send, advance: (ms: number) => act(() => clock.advance(ms)) };
}

test("S4.3 useMessages calls the latest handler with the replay and then with each live message once", async () => {
  const { broker, route, wrap, send, advance } = setUp();
  route.keep(upload.name, [kept(1, 20), kept(2, 10)]);
  const received: string[] = [];
  const listener = (label: string) => (
    <Listener key="one" hear={(done) => received.push(`${label}${done}`)} />
  );
  const { rerender } = render(wrap(listener("a")));
  await advance(100);
  expect(received).toEqual(["a1", "a2"]);
  rerender(wrap(listener("b")));
  await send(2);
  await send(3);
  await send(3);
  expect(received.splice(0)).toEqual(["a1", "a2", "b3"]);
  const late: number[] = [];
  rerender(wrap([listener("b"), <Listener key="two" hear={(done) => late.push(done)} />]));
  // StrictMode subscribes twice.
  expect(late).toEqual([2, 3, 2, 3]);
  await act(() =>
    broker.send(wireName, "querycast.message", { ...frame(4), fields: { done: "<b>" } }),
  );
  expect(received).toEqual([]);
});

test("S4.5 useLatestMessage shows the last message until its TTL, and none that is too old for a replay", async () => {
  const { route, wrap, send, advance } = setUp();
  route.keep(upload.name, [kept(1, 10)]);
  const { rerender } = render(wrap(<Progress key="one" />));
  expect(screen.getByRole("status").textContent).toBe("none");
  await advance(100);
  expect(screen.getByRole("status").textContent).toBe("1");
  await send(2);
  expect(screen.getByRole("status").textContent).toBe("2");
  await waitFor(() => expect(screen.getByRole("status").textContent).toBe("none"));
  await advance(250);
  rerender(wrap(<Progress key="two" />));
  expect(screen.getByRole("status").textContent).toBe("none");
});

test("S4.5 useLatestMessage shows no message that expired while React hid the component", async () => {
  const { wrap, send, advance } = setUp();
  const shown = (mode: "visible" | "hidden") =>
    wrap(
      <Activity mode={mode}>
        <Progress />
      </Activity>,
    );
  const { rerender } = render(shown("visible"));
  await advance(100);
  await send(1);
  expect(screen.getByRole("status").textContent).toBe("1");
  rerender(shown("hidden"));
  await new Promise((resolve) => setTimeout(resolve, 350));
  // The client still has the channel, and its clock has moved, too.
  await advance(350);
  rerender(shown("visible"));
  expect(screen.getByRole("status").textContent).toBe("none");
});

test("a handler that throws on a replayed message leaves no subscription", async () => {
  const { broker, route, clock, options } = createFakeParts();
  const reports: string[] = [];
  const client = createRealtimeClient({
    ...options,
    channels,
    onReport: ({ type }) => reports.push(type),
  });
  route.keep(upload.name, [kept(1, 20)]);
  const ignored = { signal: () => {}, gap: () => {} };
  const stopFirst = client.subscribe(upload, ignored);
  await clock.advance(100);
  const stop = client.subscribe(upload, {
    ...ignored,
    message: () => {
      throw new Error("handler");
    },
  });
  expect(reports).toEqual(["listener-failed"]);
  stop();
  stopFirst();
  await clock.advance(4_000);
  expect([...broker.sockets]).toEqual([]);
  client.close();
});
