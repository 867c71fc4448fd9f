import { randomUUID } from "node:crypto";
import { postgresJs } from "querycast/postgres-js";
import {
  authorize,
  type Broker,
  byRls,
  createPublisher,
  createRealtimeHandler,
  createRelay,
  createSignalLog,
  type OpenDatabaseSession,
  type Relay,
  type RelayLog,
  type RuleContext,
  type SignalLog,
  type Sql,
  type Viewer,
} from "querycast/server";
import { type ConformanceStack, type Content, conformanceChannels } from "querycast/testing";
import { createLogDatabase, type LogDatabase, port } from "../database/log-database.ts";
import { systemClock, untilInRealTime } from "./line.ts";

/** `application_name` of the sessions that LISTEN. */
export const relaySessionName = "relay of the stack";

export interface PostgresStackOptions {
  readonly broker: Broker;
  /** Reads the log for the route. */
  readonly readLog: (options: { readonly open: OpenDatabaseSession }) => RelayLog;
  /** Turns the relay into one that runs on demand. Default: the relay always runs. */
  readonly onDemand?: (relay: (broker: Broker) => Relay) => Relay;
  /** Address of the database for the relay. Default: the real one. */
  readonly relayTo?: { readonly host: string; readonly port: number };
}

type Kept =
  | "broker"
  | "setAccess"
  | "newRoom"
  | "commit"
  | "write"
  | "read"
  | "restoreLog"
  | "fetch"
  | "until"
  | "clock"
  | "close";

/**
 * The real parts of a stack except the broker: the route with rules under row-level security, and the log and
 * the relay on Postgres. A room is an article, and viewers can join it while it is published. Its author always can.
 */
export async function createPostgresStack({
  broker,
  readLog,
  onDemand = (relay) => relay(broker),
  relayTo,
}: PostgresStackOptions): Promise<
  Pick<ConformanceStack, Kept> & {
    readonly relay: Relay;
    readonly log: SignalLog;
    readonly database: LogDatabase;
  }
> {
  const database = await createLogDatabase();
  const log = createSignalLog({ sql: port(database.reader) });
  const relayUrl = new URL(database.readerUrl);
  if (relayTo) relayUrl.host = `${relayTo.host}:${relayTo.port}`;
  const open = postgresJs(relayUrl.href, { connection: { application_name: relaySessionName } });
  const relay = onDemand((to) => createRelay({ log: readLog({ open }), broker: to }));
  const { publish } = createPublisher({ channels: conformanceChannels, log });
  /** Rooms for which the database query fails. */
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
    const author = access === "author" ? "author" : "somebody";
    await database.writer`
      insert into articles values (${roomId}, ${author}, ${published})
      on conflict (id) do update
        set published = excluded.published, author_id = excluded.author_id`;
  };
  relay.start();

  return {
    relay,
    log,
    database,
    broker,
    setAccess,
    until: untilInRealTime,
    clock: systemClock,
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
    write: async ({ params: { roomId = "" } }, revision, signals) => {
      await database.writer.begin(async (tx) => {
        await tx`update articles set revision = ${revision} where id = ${roomId}`;
        await publish(signals, { tx: port(tx) });
      });
    },
    read: ({ params: { roomId = "" } }, viewer) =>
      readAs(viewer, async (tx) => {
        const [row] = await tx<Content>`select revision from articles where id = ${roomId}`;
        return row ?? null;
      }),
    restoreLog: async () => {
      await database.owner`update querycast.log set id = gen_random_uuid()`;
    },
    close: async () => {
      await relay.stop();
      await database.close();
    },
  };
}
