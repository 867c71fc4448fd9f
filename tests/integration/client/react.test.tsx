// @vitest-environment jsdom
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, cleanup, render } from "@testing-library/react";
import { live, signal } from "querycast";
import { RealtimeProvider } from "querycast/react";
import { conformanceChannels } from "querycast/testing";
import { StrictMode } from "react";
import { expect, onTestFinished, test, vi } from "vitest";
import { endQueries } from "../../support/runner/end-queries.ts";
import { createSoketiStack } from "../../support/stacks/soketi-stack.ts";

type Room = ReturnType<typeof conformanceChannels.room>;
const reads = { one: 0, two: 0 };
interface MessagesProps {
  readonly name: keyof typeof reads;
  readonly room: Room;
}
function Messages({ name, room }: MessagesProps) {
  const queryFn = () => {
    reads[name] += 1;
    return reads[name];
  };
  useQuery(live({ queryKey: [name], queryFn }, [room]));
  return null;
}

test("S3.21 over a real Soketi StrictMode's double mount leaves one socket and one subscription, which two components share until the last of them unmounts", async () => {
  const stack = await createSoketiStack();
  const room = await stack.newRoom();
  const wireName = `private-${room.name}.e0`;
  const queryClient = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY } },
  });
  onTestFinished(async () => {
    cleanup();
    await endQueries(queryClient);
    await stack.close();
  });
  const config = {
    channels: conformanceChannels,
    transport: stack.transport(),
    fetch: stack.fetch({ id: "reader" }),
  };
  const page = (...names: (keyof typeof reads)[]) => (
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RealtimeProvider config={config}>
          {names.map((name) => (
            <Messages key={name} name={name} room={room} />
          ))}
        </RealtimeProvider>
      </QueryClientProvider>
    </StrictMode>
  );
  /** As counted by the broker. */
  const subscriptions = async () => (await stack.broker.countSubscriptions?.())?.get(wireName) ?? 0;
  let serial = 0;
  /** Commits a signal, and resolves when each of these queries has been read after it. */
  const expectReadAfterSignal = async (...names: (keyof typeof reads)[]) => {
    const before = { ...reads };
    serial += 1;
    await stack.commit([signal(room, "message.posted", { messageId: `m${serial}` })]);
    await vi.waitFor(() => {
      for (const name of names) expect(reads[name], name).toBeGreaterThan(before[name]);
    }, 10_000);
  };

  const { rerender, unmount } = render(page("one", "two"));
  await vi.waitFor(async () => expect(await subscriptions()).toBe(1), 10_000);
  await expectReadAfterSignal("one", "two");
  expect(stack.line.sockets()).toBe(1);

  act(() => rerender(page("two")));
  const ofTheUnmounted = reads.one;
  // A channel without subscriptions would be left after 3 s.
  await new Promise<void>((resolve) => stack.clock.after(3_500, resolve));
  await expectReadAfterSignal("two");
  expect([await subscriptions(), stack.line.sockets()]).toEqual([1, 1]);
  expect(reads.one).toBe(ofTheUnmounted);

  unmount();
  await vi.waitFor(async () => expect(await subscriptions()).toBe(0), 10_000);
  await vi.waitFor(() => expect(stack.line.sockets()).toBe(0), 10_000);
}, 60_000);
