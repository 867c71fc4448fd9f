/**
 * Time from the commit until 500 pages show it: each is a client with one socket to a real Soketi and a query
 * bound to one channel, all in this process. `npm run bench bench/fresh.ts`, half a minute.
 */
import { QueryClient, QueryObserver, queryOptions } from "@tanstack/react-query";
import { startSoketi } from "../scripts/parts/soketi/soketi.ts";
import { createRealtimeClient } from "../src/realtime/client/client.ts";
import { channel, defineChannels } from "../src/realtime/protocol/channel.ts";
import { signal } from "../src/realtime/protocol/signal.ts";
import { live } from "../src/realtime/query/binding/live.ts";
import { createQueryBridge } from "../src/realtime/query/bridge.ts";
import { authorize } from "../src/realtime/server/route/rules.ts";
import { createMemoryServer } from "../src/realtime/testing/memory/memory-server.ts";
import { createPusherBroker } from "../src/realtime/transports/pusher/server.ts";
import { slim } from "../src/realtime/transports/pusher/slim.ts";
import "../tests/support/runner/web-socket.ts";
import { quantile, wait } from "./support/measure.ts";
import { finish, format, goal, print } from "./support/report.ts";

const CLIENTS = 500;
const COMMITS = 20;
/** Duration of a read. */
const READ_MS = 20;

const soketi = await startSoketi();
const broker = createPusherBroker({ ...soketi, tls: false });
const channels = defineChannels({ page: channel("page.{pageId}").signal("page.changed") });
const ref = channels.page({ pageId: "1" });
const server = createMemoryServer({ authority: authorize(channels, { page: () => true }), broker });

let version = 0;
let committedAtMs = 0;
const tookMs: number[] = [];
const closers: (() => void)[] = [];
const clients = Array.from({ length: CLIENTS }, (_, index) => {
  const client = createRealtimeClient({
    channels,
    transport: slim({ key: soketi.key, host: soketi.host, port: soketi.port, tls: false }),
    fetch: server.fetch({ id: `reader-${index}` }),
  });
  const queryClient = new QueryClient();
  const detach = createQueryBridge({ client, queryClient }).attach();
  const query = queryOptions({
    queryKey: ["page"],
    queryFn: async () => {
      const read = version;
      await wait(READ_MS);
      return read;
    },
  });
  const observer = new QueryObserver(queryClient, live(query, [ref]));
  let shown = -1;
  const unsubscribe = observer.subscribe(({ data = -1 }) => {
    if (data > shown && data > 0) tookMs.push(performance.now() - committedAtMs);
    shown = Math.max(shown, data);
  });
  closers.push(unsubscribe, detach, client.close);
  return { client, shown: () => shown };
});
await until(() => clients.every(({ client }) => client.getState().status === "live"));
await until(() => clients.every(({ shown }) => shown() === 0));

for (let commit = 0; commit < COMMITS; commit += 1) {
  version += 1;
  committedAtMs = performance.now();
  await server.publish(signal(ref, "page.changed"));
  await until(() => clients.every(({ shown }) => shown() === version));
}
print(`${CLIENTS} pages, ${COMMITS} commits one after the other, reads of ${READ_MS} ms`);
print(`  p50 ${format(quantile(tookMs, 0.5))} ms`);
goal("fresh", "commit to fresh page, p99", quantile(tookMs, 0.99), { atMost: 1_000 }, " ms");

for (const close of closers) close();
await server.close();
broker.close();
await soketi.stop();
finish();

async function until(condition: () => boolean): Promise<void> {
  const endMs = performance.now() + 60_000;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error("Not within a minute.");
    await wait(5);
  }
}
