import fc from "fast-check";
import { createRealtimeClient, signal } from "querycast";
import { conformanceChannels } from "querycast/testing";
import { afterEach, expect, test } from "vitest";
import { brokerClients, ownClientNames } from "../../support/broker/broker-clients.ts";
import { cluster } from "../../support/broker/cluster.ts";
import { sharedSoketi } from "../../support/broker/soketi.ts";
import { createFaultProxy, type FaultProxy } from "../../support/servers/fault-proxy.ts";
import { createSoketiStack } from "../../support/stacks/soketi-stack.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const lines = ["relay to database", "relay to broker", "page to broker", "page to route"] as const;
type Line = (typeof lines)[number];
/** How a connection fails, for open connections and new ones. */
const breaks = {
  refused: async (proxy: FaultProxy) => {
    await proxy.refuse();
    proxy.cutAll();
  },
  reset: async (proxy: FaultProxy) => proxy.reset(),
  frozen: async (proxy: FaultProxy) => proxy.freeze(),
} as const;

/** Every subset of connections, the empty one included. */
const cuts: readonly (readonly Line[])[] = Array.from({ length: 2 ** lines.length }, (_, bits) =>
  lines.filter((_line, index) => (bits >> index) % 2 === 1),
);
/** `SEED=7` for another order and other faults. */
// biome-ignore lint/style/noProcessEnv: the seed of the test is chosen by the caller
const seed = Number(process.env.SEED ?? 1);
const [plan = []] = fc
  .sample(
    fc.tuple(
      fc.shuffledSubarray([...cuts], { minLength: cuts.length }),
      fc.array(fc.constantFrom(...(Object.keys(breaks) as (keyof typeof breaks)[])), {
        minLength: cuts.length,
        maxLength: cuts.length,
      }),
    ),
    { numRuns: 1, seed },
  )
  .map(([sets, hows]) => sets.map((cut, index) => ({ cut, how: hows[index] ?? "refused" })));

test.each(ownClientNames)(
  `K1 R1 R8 after any of ${cuts.length} combinations of failed connections between page, relay, broker and database, a page over %s receives every signal`,
  async (name) => {
    const toDatabase = await createFaultProxy({ target: postgresTarget() });
    const toBroker = await createFaultProxy({ target: sharedSoketi() });
    const fromPage = await createFaultProxy({ target: sharedSoketi() });
    const stack = await createSoketiStack({ relayTo: { database: toDatabase, broker: toBroker } });
    closers.push(toDatabase.close, toBroker.close, fromPage.close, stack.close);
    const page = brokerClients[name]();
    closers.push(page.close);
    let isRouteCut = false;
    const route = stack.fetch({ id: "reader" });
    const client = createRealtimeClient({
      channels: conformanceChannels,
      transport: page.transport({
        key: stack.soketi.key,
        host: fromPage.host,
        port: fromPage.port,
      }),
      fetch: (url, init) =>
        isRouteCut ? Promise.reject(new TypeError("fetch failed")) : route(url, init),
      // A short back-off, so that all combinations fit into a minute. Other tests cover its length.
      random: () => 0.05,
    });
    closers.push(client.close);
    const room = await stack.newRoom();
    /** A gap covers everything that was committed until then. */
    const told = new Set<string>();
    const committed = new Set<string>();
    client.subscribe(room, {
      signal: ({ ids }) => {
        for (const { messageId } of ids ?? []) told.add(String(messageId));
      },
      gap: () => {
        for (const each of committed) told.add(each);
      },
    });
    await stack.until("it is live", () => client.getState().status === "live");

    const proxies: Record<Exclude<Line, "page to route">, FaultProxy> = {
      "relay to database": toDatabase,
      "relay to broker": toBroker,
      "page to broker": fromPage,
    };
    const commit = async (messageId: string) => {
      await stack.commit([signal(room, "message.posted", { messageId })]);
      committed.add(messageId);
    };
    for (const [round, { cut, how }] of plan.entries()) {
      for (const line of cut) {
        if (line === "page to route") isRouteCut = true;
        else await breaks[how](proxies[line]);
      }
      await commit(`${round}-cut`);
      // A hanging connection is detected much later than others. A fault that ends undetected counts, too.
      if (how !== "frozen" && cut.some((line) => line !== "page to route")) {
        await stack.until(
          "it is noticed",
          () => stack.relay.health().state !== "leading" || client.getState().status === "degraded",
        );
      }
      isRouteCut = false;
      for (const proxy of Object.values(proxies)) await proxy.heal();
      await commit(`${round}-whole`);
      await stack.until(
        `${cut.join(", ") || "none"} (${how}): the page is up to date`,
        () => told.size === committed.size && client.getState().status === "live",
        30_000,
      );
    }
    expect(told).toEqual(committed);
    // The page may have caught up before the relay's next attempt.
    const { health } = stack.relay;
    await stack.until("the relay is whole", () => health().state === "leading", 30_000);
    await stack.until("nothing waits", () => health().backlog === 0);
  },
  180_000,
);

function postgresTarget() {
  const { hostname, port } = new URL(cluster());
  return { host: hostname, port: Number(port) };
}
