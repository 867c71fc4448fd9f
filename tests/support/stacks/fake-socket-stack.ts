import {
  type ConformanceStack,
  createFakeBroker,
  createMemoryServer,
  createRoomRules,
} from "querycast/testing";
import { pusher } from "../../../src/realtime/transports/pusher/client.ts";
import { createPusherBroker } from "../../../src/realtime/transports/pusher/server.ts";
import { createLine, systemClock, untilInRealTime } from "./line.ts";

/** The fake broker with real sockets and its HTTP API. */
export async function createFakeSocketStack(): Promise<ConformanceStack> {
  const fake = createFakeBroker();
  const front = await fake.listen();
  const { line, ...proxy } = await createLine(front);
  const broker = createPusherBroker({ ...front, tls: false });
  const rules = createRoomRules();
  const server = createMemoryServer({ authority: rules.authority, fake, broker });
  return {
    ...rules.stack,
    broker,
    line,
    clock: systemClock,
    until: untilInRealTime,
    fetch: server.fetch,
    commit: server.publish,
    write: (room, revision, signals) => {
      rules.setRevision(room, revision);
      return server.publish(signals);
    },
    transport: () => pusher({ key: front.key, host: proxy.host, port: proxy.port, tls: false }),
    forge: async (wireName, name, data) => fake.send(wireName, name, data),
    restoreLog: async () => server.log.restore(),
    close: async () => {
      await server.close();
      broker.close();
      await proxy.close();
      await front.close();
    },
  };
}
