import { QueryClient, QueryObserver, queryOptions } from "@tanstack/react-query";
import { createRealtimeClient, live, signal } from "querycast";
import { conformanceChannels } from "querycast/testing";
import { afterEach, expect, test } from "vitest";
import { createQueryBridge } from "@/realtime/query/bridge.ts";
import { brokerClients, ownClientNames } from "../../support/broker/broker-clients.ts";
import { createFrameFilter } from "../../support/broker/frame-filter.ts";
import { port } from "../../support/database/log-database.ts";
import { createSoketiStack } from "../../support/stacks/soketi-stack.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const signals = 10_000;
/** Writes in one transaction. */
const atOnce = 100;
const pageRows = 1000;
/** Maximum rate of reads by the relay while it is not behind. */
const spacingMs = 25;

test.each(ownClientNames)(
  "10,000 signals in a burst cause few frames on a channel and few reads of a page over %s, which ends up to date",
  async (name) => {
    const stack = await createSoketiStack();
    closers.push(stack.close);
    const filter = await createFrameFilter(stack.soketi);
    closers.push(filter.close);
    const page = brokerClients[name]();
    closers.push(page.close);
    const client = createRealtimeClient({
      channels: conformanceChannels,
      transport: page.transport({ key: stack.soketi.key, host: filter.host, port: filter.port }),
      fetch: stack.fetch({ id: "reader" }),
    });
    const queryClient = new QueryClient();
    const detach = createQueryBridge({ client, queryClient }).attach();
    closers.push(client.close, detach);
    const room = await stack.newRoom();
    let posted = 0;
    let reads = 0;
    let readMs = 0;
    const query = queryOptions({
      queryKey: ["posted"],
      queryFn: async () => {
        reads += 1;
        const seen = posted;
        await new Promise((resolve) => setTimeout(resolve, 20));
        return seen;
      },
    });
    const observer = new QueryObserver(queryClient, live(query, [room]));
    closers.push(observer.subscribe(() => {}));
    await stack.until("it is live", () => client.getState().status === "live");
    await stack.until("it is read", () => observer.getCurrentResult().data === 0);
    reads = 0;

    const startMs = performance.now();
    for (posted = 0; posted < signals; ) {
      const next = Array.from({ length: atOnce }, (_, index) =>
        signal(room, "message.posted", { messageId: posted + index }),
      );
      await stack.database.writer.begin((tx) => stack.log.append(port(tx), next));
      posted += atOnce;
    }
    await stack.until("all are relayed", () => stack.relay.health().published >= signals, 20_000);
    readMs = performance.now() - startMs;
    await stack.until(
      "the page shows the last",
      () => observer.getCurrentResult().data === signals,
      10_000,
    );
    // One frame per read of the log: reads are rate-limited, and each full page is one more.
    const frames = filter.passed.filter(({ channel }) => channel?.includes(room.name));
    expect(frames.length).toBeLessThanOrEqual(readMs / spacingMs + signals / pageRows + 2);
    // Signals of one read are merged, so far fewer than 10,000 frames are sent. A read of the page takes at
    // least its duration and the pause after it.
    expect(frames.length).toBeLessThan(signals / 20);
    const totalMs = performance.now() - startMs;
    expect(reads).toBeLessThanOrEqual(totalMs / 100 + 2);
    expect(reads).toBeGreaterThan(0);
  },
  60_000,
);
