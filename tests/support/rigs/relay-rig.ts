import { randomUUID } from "node:crypto";
import { channel, defineChannels, ids, signal } from "querycast";
import { postgresJs } from "querycast/postgres-js";
import {
  createRelay,
  createRelayLog,
  createSignalLog,
  type OpenDatabaseSession,
  type Relay,
  type RelayEvent,
} from "querycast/server";
import { vi } from "vitest";
import {
  createPusherBroker,
  type PusherBrokerOptions,
} from "../../../src/realtime/transports/pusher/server.ts";
import { pusherWithClock } from "../broker/pusher-with-clock.ts";
import { type Listener, listen } from "../broker/relay-listener.ts";
import { type SoketiConnection, sharedSoketi } from "../broker/soketi.ts";
import { createLogDatabase, type LogDatabase, port } from "../database/log-database.ts";
import { createFaultProxy, type FaultProxy } from "../servers/fault-proxy.ts";

const channels = defineChannels({
  rig: channel("rig.{roomId}").signal("message.posted", ids("messageId")),
});
const newRoom = () => channels.rig({ roomId: randomUUID() });
export type RigRoom = ReturnType<typeof newRoom>;

export interface StartRelayOptions {
  readonly broker?: Partial<PusherBrokerOptions>;
  /** Offset of the clock that signs this relay's requests. */
  readonly brokerClockOffsetMs?: number;
  /** Wraps the function that opens the relay's session. */
  readonly session?: (open: OpenDatabaseSession) => OpenDatabaseSession;
  /** Postgres settings of the relay's session. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/**
 * A log on Postgres, relays whose connections to the database and the broker can fail, and a listener with
 * a reliable connection to the broker.
 */
export interface RelayRig {
  readonly database: LogDatabase;
  readonly toDatabase: FaultProxy;
  readonly toBroker: FaultProxy;
  startRelay(options?: StartRelayOptions): { readonly relay: Relay; readonly events: RelayEvent[] };
  /** Creates a channel and subscribes the listener to it. */
  newRoom(): Promise<RigRoom>;
  /** Writes in one transaction, without the proxies. */
  write(room: RigRoom, ...messageIds: readonly (string | number)[]): Promise<void>;
  /** Message ids received on a channel, without repeats. */
  received(room: RigRoom): readonly string[];
  /** Message ids received on a channel, with repeats. */
  receivedWithRepeats(room: RigRoom): readonly string[];
  /** Resolves when exactly these message ids have been received, in this order. */
  hears(room: RigRoom, messageIds: readonly (string | number)[], timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

export async function createRelayRig(soketi: SoketiConnection = sharedSoketi()): Promise<RelayRig> {
  const database = await createLogDatabase();
  const databaseUrl = new URL(database.readerUrl);
  const toDatabase = await createFaultProxy({
    target: { host: databaseUrl.hostname, port: Number(databaseUrl.port) },
  });
  const toBroker = await createFaultProxy({ target: soketi });
  databaseUrl.host = `${toDatabase.host}:${toDatabase.port}`;
  const signer = createPusherBroker({ ...soketi, tls: false });
  const listener: Listener = listen(soketi, signer);
  const log = createSignalLog({ sql: port(database.reader) });
  const closers: (() => Promise<void>)[] = [];

  const receivedWithRepeats = (room: RigRoom) =>
    listener.frames
      .filter((frame) => frame.channel === `private-${room.name}.e0`)
      .flatMap(({ data }) => (data as { ids?: { messageId: string }[] }).ids ?? [])
      .map(({ messageId }) => messageId);
  const received = (room: RigRoom) => [...new Set(receivedWithRepeats(room))];

  return {
    database,
    toDatabase,
    toBroker,
    received,
    receivedWithRepeats,
    startRelay: ({ broker: target = {}, brokerClockOffsetMs, session, settings = {} } = {}) => {
      const events: RelayEvent[] = [];
      const { host, port: brokerPort } = toBroker;
      const there = { ...soketi, host, port: brokerPort };
      const broker =
        brokerClockOffsetMs === undefined
          ? createPusherBroker({ ...there, tls: false, ...target })
          : createPusherBroker(pusherWithClock(there, brokerClockOffsetMs));
      const whole = postgresJs(databaseUrl.href, { connection: settings });
      const open = session?.(whole) ?? whole;
      const relay = createRelay({
        log: createRelayLog({ open }),
        broker,
        random: () => 0.2,
        onEvent: (event) => events.push(event),
      });
      relay.start();
      closers.push(async () => {
        await relay.stop();
        broker.close();
      });
      return { relay, events };
    },
    newRoom: async () => {
      const room = newRoom();
      await listener.join(`private-${room.name}.e0`);
      return room;
    },
    write: async (room, ...messageIds) => {
      await database.writer.begin((tx) =>
        log.append(
          port(tx),
          messageIds.map((messageId) => signal(room, "message.posted", { messageId })),
        ),
      );
    },
    hears: async (room, messageIds, timeoutMs = 10_000) => {
      const expected = messageIds.map(String);
      await vi.waitFor(
        () => {
          const told = received(room);
          if (told.join() !== expected.join()) {
            throw new Error(
              `Received ${told.length} of ${expected.length}: ${told.slice(-5).join()}`,
            );
          }
        },
        { timeout: timeoutMs },
      );
    },
    close: async () => {
      await Promise.all([toDatabase.heal(), toBroker.heal()]);
      for (const close of closers) await close();
      listener.close();
      signer.close();
      await Promise.all([toDatabase.close(), toBroker.close()]);
      await database.close();
    },
  };
}

/** Resolves when a relay has emitted an event of `type`, from its start or from index `since`. */
export function hasTold(
  events: readonly RelayEvent[],
  type: RelayEvent["type"],
  { since = 0, timeoutMs = 10_000 } = {},
): Promise<RelayEvent> {
  return vi.waitFor(
    () => {
      const found = events.slice(since).find((event) => event.type === type);
      if (found === undefined) throw new Error(`No ${type} among ${events.map((e) => e.type)}`);
      return found;
    },
    { timeout: timeoutMs },
  );
}
