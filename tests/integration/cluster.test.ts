import type { Delivery as SignalDelivery } from "querycast/server";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { pusher } from "@/realtime/transports/pusher/client.ts";
import { createPusherBroker } from "@/realtime/transports/pusher/server.ts";
import { isCi } from "../support/environment.ts";
import { forgeEvent } from "../support/forge-event.ts";
import {
  hasRedis,
  redisPath,
  type SoketiCluster,
  startSoketiCluster,
} from "../support/soketi-cluster.ts";
import { conformance, type Delivery } from "./conformance.ts";
import { listen } from "./relay-listener.ts";

if (isCi && !hasRedis) throw new Error(`No Redis at ${redisPath}: apt-get install redis-server.`);
if (!hasRedis) process.stderr.write(`Two Soketi nodes are not tested: no Redis at ${redisPath}.\n`);

describe.runIf(hasRedis)("two Soketi nodes on one Redis", () => {
  let cluster: SoketiCluster;
  beforeAll(async () => {
    cluster = await startSoketiCluster();
  });
  afterAll(() => cluster.close());

  test("a signal published through one node is delivered on the other", async () => {
    const broker = createPusherBroker({ ...cluster, tls: false });
    cluster.prefer(1);
    const listener = listen(cluster, broker);
    await listener.join("private-room.7.e0");
    cluster.prefer(0);
    const signal = { id: "s1", name: "message.posted", ids: undefined, origin: undefined };
    const delivery: SignalDelivery = { channel: "room.7", accessEpoch: 0, signal };
    await broker.publish([delivery]);
    await vi.waitFor(() => expect(listener.frames.map(({ name }) => name)).toEqual([signal.name]));
    listener.close();
    broker.close();
  });
});

/** The node of clients and relay stops during the outage; they continue on the other one. */
async function onTwoNodes(): Promise<Delivery> {
  const cluster = await startSoketiCluster();
  const broker = createPusherBroker({ ...cluster, tls: false });
  return {
    broker,
    transport: () =>
      pusher({ key: cluster.key, host: cluster.host, port: cluster.port, tls: false }),
    cut: async () => {
      cluster.refuse();
      await cluster.nodes[0].kill();
    },
    restore: async () => cluster.admit(),
    forge: (channel, name, data) =>
      forgeEvent(cluster, { channel, name, data: JSON.stringify(data) }),
    close: async () => {
      broker.close();
      await cluster.close();
    },
  };
}
if (hasRedis) conformance("two Soketi nodes on one Redis, one of them killed", onTwoNodes);
