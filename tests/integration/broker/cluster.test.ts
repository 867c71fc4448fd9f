import { createRelayLog, type Delivery } from "querycast/server";
import type { ConformanceStack } from "querycast/testing";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { reads } from "@/realtime/testing/conformance/reads.ts";
import { pusher } from "@/realtime/transports/pusher/client.ts";
import { createPusherBroker } from "@/realtime/transports/pusher/server.ts";
import { listen } from "../../support/broker/relay-listener.ts";
import {
  hasRedis,
  redisPath,
  type SoketiCluster,
  startSoketiCluster,
} from "../../support/broker/soketi-cluster.ts";
import { forgeEvent } from "../../support/hostile/forge-event.ts";
import { isCi } from "../../support/runner/environment.ts";
import { createLine } from "../../support/stacks/line.ts";
import { createPostgresStack } from "../../support/stacks/postgres-stack.ts";

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
    const delivery: Delivery = { channel: "room.7", accessEpoch: 0, signal };
    await broker.publish([delivery]);
    await vi.waitFor(() => expect(listener.frames.map(({ name }) => name)).toEqual([signal.name]));
    listener.close();
    broker.close();
  });
});

/** The node of clients and relay stops during an outage; they continue on the other one. */
async function createClusterStack(): Promise<ConformanceStack> {
  const cluster = await startSoketiCluster();
  const broker = createPusherBroker({ ...cluster, tls: false });
  const { line, ...proxy } = await createLine(cluster);
  const stack = await createPostgresStack({ broker, readLog: createRelayLog });
  return {
    ...stack,
    line: {
      ...line,
      refuse: async () => {
        cluster.refuse();
        await cluster.nodes[0].kill();
      },
      heal: async () => cluster.admit(),
    },
    transport: () => pusher({ key: cluster.key, host: proxy.host, port: proxy.port, tls: false }),
    forge: (channel, name, data) => forgeEvent(cluster, { channel, name, data }),
    close: async () => {
      await stack.close();
      broker.close();
      await proxy.close();
      await cluster.close();
    },
  };
}

describe.runIf(hasRedis)("two Soketi nodes on one Redis, one of them killed", () => {
  for (const { title, run, timeoutMs } of reads) {
    test(
      title,
      async () => {
        const stack = await createClusterStack();
        try {
          await run(stack);
        } finally {
          await stack.close();
        }
      },
      timeoutMs,
    );
  }
});
