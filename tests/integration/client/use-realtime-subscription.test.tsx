// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, render } from "@testing-library/react";
import { signal } from "querycast";
import { RealtimeProvider, useRealtimeSubscription } from "querycast/react";
import { type ConformanceStack, conformanceChannels } from "querycast/testing";
import { expect, onTestFinished, test, vi } from "vitest";
import { WebSocket } from "ws";
import { heartbeatMs, silenceMs } from "../../../src/realtime/protocol/stream.ts";
import { sse } from "../../../src/realtime/transports/sse/client.ts";
import { startOwnSoketi } from "../../support/broker/soketi.ts";
import { createSoketiStack } from "../../support/stacks/soketi-stack.ts";
import { createSseStack } from "../../support/stacks/sse-stack.ts";

// That of Node does not accept the events of jsdom.
vi.stubGlobal("WebSocket", WebSocket);

type Room = ReturnType<typeof conformanceChannels.room>;

interface FollowerProps {
  readonly rooms: readonly Room[];
  readonly report: (what: string) => void;
}
/** A replay merges signals of one name. */
const idsOf = (ids: readonly { readonly messageId?: string }[] | undefined) =>
  `${ids?.map(({ messageId }) => messageId).join()}`;

function Follower({ rooms, report }: FollowerProps) {
  useRealtimeSubscription({
    channels: rooms,
    onEvent: (event) => report(event.type === "signal" ? idsOf(event.signal.ids) : event.type),
  });
  return null;
}

/** A stack, and how the server that its pages are connected to goes away and comes back. */
type RestartStack = ConformanceStack & {
  restart(meanwhile: () => Promise<void>): Promise<void>;
};

/** Its broker is a separate process, which `restart` kills and starts again at the same port. */
async function createBrokerStack(client: "pusher-js" | "slim"): Promise<RestartStack> {
  let soketi = await startOwnSoketi();
  const stack = await createSoketiStack({ client, soketi });
  return {
    ...stack,
    restart: async (meanwhile) => {
      const { port, pid, kill, stop } = soketi;
      await kill();
      await meanwhile();
      await stop();
      soketi = await startOwnSoketi({ port });
      expect(soketi.pid()).not.toBe(pid());
    },
    close: async () => {
      await stack.close();
      await soketi.stop();
    },
  };
}

const stacks: Record<string, () => Promise<RestartStack>> = {
  sse: createSseStack,
  "soketi with pusher-js": () => createBrokerStack("pusher-js"),
  "soketi with slim": () => createBrokerStack("slim"),
};

test.each(Object.entries(stacks))(
  "S1.10 over real %s useRealtimeSubscription opens one connection, follows its list and reports what was committed while the connection was cut and while the server restarted",
  async (_name, createStack) => {
    const stack = await createStack();
    const [one, two] = [await stack.newRoom(), await stack.newRoom()];
    onTestFinished(async () => {
      cleanup();
      await stack.close();
    });
    const config = {
      channels: conformanceChannels,
      transport: stack.transport(),
      fetch: stack.fetch({ id: "reader" }),
    };
    const queryClient = new QueryClient();
    const events: string[] = [];
    const page = (rooms: readonly Room[], label: string) => (
      <QueryClientProvider client={queryClient}>
        <RealtimeProvider config={config}>
          <Follower rooms={rooms} report={(what) => events.push(`${label} ${what}`)} />
        </RealtimeProvider>
      </QueryClientProvider>
    );
    const received = (event: string) =>
      vi.waitFor(() => expect(events).toContain(event), { timeout: 20_000 });
    const post = (room: Room, messageId: string) =>
      stack.commit([signal(room, "message.posted", { messageId })]);

    const { rerender } = render(page([], "none"));
    await new Promise<void>((resolve) => stack.clock.after(200, resolve));
    expect(stack.line.sockets()).toBe(0);

    act(() => rerender(page([one], "first")));
    await received("first gap");
    await post(one, "m1");
    await received("first m1");

    act(() => rerender(page([two, one], "second")));
    await vi.waitFor(() => expect(events.filter((each) => each === "second gap")).toHaveLength(1), {
      timeout: 20_000,
    });
    await post(one, "m2");
    await post(two, "m3");
    await received("second m2");
    await received("second m3");
    // Over SSE the stream for the longer list replaces the first one.
    await vi.waitFor(() => expect(stack.line.sockets()).toBe(1), 10_000);

    stack.line.cut();
    await post(one, "m4");
    await vi.waitFor(() => expect(events.join()).toContain("m4"), { timeout: 20_000 });

    await stack.restart(async () => {
      await stack.until("the server is gone", () => stack.line.sockets() === 0);
      await post(two, "m5");
    });
    await vi.waitFor(() => expect(events.join()).toContain("m5"), { timeout: 30_000 });
    await vi.waitFor(() => expect(stack.line.sockets()).toBe(1), 10_000);
    await post(one, "m6");
    await received("second m6");
  },
  120_000,
);

test("S1.7 heartbeats keep an idle stream open for longer than a silent one lives, and the hook reports nothing", async () => {
  const stack = await createSseStack();
  const room = await stack.newRoom();
  onTestFinished(async () => {
    cleanup();
    await stack.close();
  });
  let [streams, heartbeats] = [0, 0];
  /** Counts the streams, and their chunks that are heartbeats. */
  const counting: typeof fetch = async (url, init) => {
    const response = await fetch(url, {
      ...init,
      headers: { ...init?.headers, authorization: "reader" },
    });
    streams += 1;
    const watch = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        if (new TextDecoder().decode(chunk) === ":\n\n") heartbeats += 1;
        controller.enqueue(chunk);
      },
    });
    return new Response(response.body?.pipeThrough(watch) ?? null, response);
  };
  const config = {
    channels: conformanceChannels,
    transport: sse({ endpoint: stack.endpoint, fetch: counting }),
    fetch: stack.fetch({ id: "reader" }),
  };
  const events: string[] = [];
  render(
    <QueryClientProvider client={new QueryClient()}>
      <RealtimeProvider config={config}>
        <Follower rooms={[room]} report={(what) => events.push(what)} />
      </RealtimeProvider>
    </QueryClientProvider>,
  );
  await vi.waitFor(() => expect(events).toEqual(["gap"]), { timeout: 20_000 });
  const opened = streams;
  // In real time: three heartbeats take longer than the client waits for a silent stream.
  expect(3 * heartbeatMs).toBeGreaterThan(silenceMs);
  await vi.waitFor(() => expect(heartbeats).toBeGreaterThanOrEqual(3), { timeout: 70_000 });
  expect(streams).toBe(opened);
  expect(events).toEqual(["gap"]);
  await stack.commit([signal(room, "message.posted", { messageId: "m1" })]);
  await vi.waitFor(() => expect(events).toEqual(["gap", "m1"]), { timeout: 20_000 });
}, 120_000);
