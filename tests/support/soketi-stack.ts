import { randomUUID } from "node:crypto";
import {
  authorize,
  byRls,
  createPublisher,
  createRealtimeHandler,
  createRelay,
  createRelayLog,
  createSignalLog,
  postgresJs,
  type Relay,
  type RuleContext,
  type SignalLog,
  type Sql,
  type Viewer,
} from "querycast/server";
import { type ConformanceStack, conformanceChannels } from "querycast/testing";
import { pusher } from "../../src/realtime/transports/pusher/client.ts";
import { createPusherBroker } from "../../src/realtime/transports/pusher/server.ts";
import { createLogDatabase, port } from "../integration/log-database.ts";
import { forgeEvent } from "./forge-event.ts";
import { createLine, systemClock, untilInRealTime } from "./line.ts";
import { sharedSoketi } from "./soketi.ts";

/**
 * Nothing made up: Soketi behind its guard, pusher-js, the route with rules under row-level security,
 * the log and the relay on Postgres. A room is an article that is published, or is not.
 */
export async function createSoketiStack(): Promise<
  ConformanceStack & { readonly relay: Relay; readonly log: SignalLog }
> {
  const soketi = sharedSoketi();
  const database = await createLogDatabase();
  const { line, ...proxy } = await createLine(soketi);
  const broker = createPusherBroker({ ...soketi, tls: false });
  const log = createSignalLog({ sql: port(database.reader) });
  const relay = createRelay({
    log: createRelayLog({ open: postgresJs(database.readerUrl) }),
    broker,
  });
  const { publish } = createPublisher({ channels: conformanceChannels, log });
  /** Rooms about which the database cannot answer. */
  const broken = new Set<string>();
  const readAs = <Result>({ id }: Viewer, fn: (tx: Sql) => Promise<Result>) =>
    database.reader.begin("read only", async (tx) => {
      await tx`select set_config('app.user_id', ${id}, true)`;
      return fn(port(tx));
    }) as Promise<Result>;
  const room = byRls(({ roomId }: { roomId: string }, { tx }: RuleContext) =>
    broken.has(roomId) ? tx`select from nowhere` : tx`select from articles where id = ${roomId}`,
  );
  const setAccess: ConformanceStack["setAccess"] = async ({ params: { roomId = "" } }, access) => {
    if (access === "unavailable") broken.add(roomId);
    else broken.delete(roomId);
    const published = access === "allowed";
    await database.writer`
      insert into articles values (${roomId}, 'somebody', ${published})
      on conflict (id) do update set published = excluded.published`;
  };
  relay.start();

  return {
    relay,
    log,
    broker,
    line,
    setAccess,
    until: untilInRealTime,
    clock: systemClock,
    transport: () => pusher({ key: soketi.key, host: proxy.host, port: proxy.port, tls: false }),
    fetch: (viewer) => {
      const handle = createRealtimeHandler<Viewer, Sql>({
        authority: authorize(conformanceChannels, { room }),
        getViewer: async () => viewer,
        read: readAs,
        log,
        broker,
        secret: "a secret of at least 32 characters",
        allowedOrigins: [],
      });
      return (path, init) => handle(new Request(new URL(String(path), "http://site.test"), init));
    },
    newRoom: async (access = "allowed") => {
      const ref = conformanceChannels.room({ roomId: randomUUID() });
      await setAccess(ref, access);
      return ref;
    },
    commit: async (signals, revoked) => {
      await database.writer.begin(async (tx) => {
        if (revoked !== undefined) await log.bumpAccessEpoch(port(tx), revoked);
        await publish(signals, { tx: port(tx) });
      });
    },
    forge: (channel, name, data) => forgeEvent(soketi, { channel, name, data }),
    restoreLog: async () => {
      await database.owner`update querycast.log set id = gen_random_uuid()`;
    },
    close: async () => {
      await relay.stop();
      broker.close();
      await proxy.close();
      await database.close();
    },
  };
}
