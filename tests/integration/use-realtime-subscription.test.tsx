// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, render } from "@testing-library/react";
import { signal } from "querycast";
import { RealtimeProvider, useRealtimeSubscription } from "querycast/react";
import { type ConformanceStack, conformanceChannels } from "querycast/testing";
import { expect, onTestFinished, test, vi } from "vitest";
import { createSoketiStack } from "../support/soketi-stack.ts";
import { createSseStack } from "../support/sse-stack.ts";

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

const stacks: Record<string, () => Promise<ConformanceStack>> = {
  sse: createSseStack,
  soketi: createSoketiStack,
};

test.each(Object.entries(stacks))(
  "S1.10 over real %s useRealtimeSubscription opens one connection, follows its list and reports what was committed while the connection was cut",
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
    const heard = (event: string) =>
      vi.waitFor(() => expect(events).toContain(event), { timeout: 20_000 });
    const post = (room: Room, messageId: string) =>
      stack.commit([signal(room, "message.posted", { messageId })]);

    const { rerender } = render(page([], "none"));
    await new Promise<void>((resolve) => stack.clock.after(200, resolve));
    expect(stack.line.sockets()).toBe(0);

    act(() => rerender(page([one], "first")));
    await heard("first gap");
    await post(one, "m1");
    await heard("first m1");

    act(() => rerender(page([two, one], "second")));
    await vi.waitFor(() => expect(events.filter((each) => each === "second gap")).toHaveLength(1), {
      timeout: 20_000,
    });
    await post(one, "m2");
    await post(two, "m3");
    await heard("second m2");
    await heard("second m3");
    // Over SSE the stream for the longer list replaces the first one.
    await vi.waitFor(() => expect(stack.line.sockets()).toBe(1), 10_000);

    stack.line.cut();
    await post(one, "m4");
    await vi.waitFor(() => expect(events.join()).toContain("m4"), { timeout: 20_000 });
  },
  90_000,
);
