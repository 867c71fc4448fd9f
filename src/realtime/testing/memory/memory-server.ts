import type { Transport } from "../../client/transport.ts";
import { type ChannelRef, type Contract, contract } from "../../protocol/channel.ts";
import type { Clock } from "../../protocol/clock.ts";
import { systemClock } from "../../protocol/clock.ts";
import type { OutgoingSignal } from "../../protocol/signal.ts";
import type { Broker, Sql } from "../../server/ports.ts";
import { createPublisher } from "../../server/publisher.ts";
import { createRelay } from "../../server/relay/create-relay.ts";
import type { Rollout } from "../../server/rollout/rollout.ts";
import { createRealtimeHandler } from "../../server/route/create-realtime-handler.ts";
import type { Read } from "../../server/route/decide.ts";
import type { Authority } from "../../server/route/rules.ts";
import type { Viewer } from "../../server/viewer.ts";
import { createFakeBroker, type FakeBroker } from "../fakes/fake-broker.ts";
import { createMemoryLog, type MemoryLog } from "./memory-log.ts";

/** Options of {@link createMemoryServer}. */
export interface MemoryServerOptions<V extends Viewer, Tx> {
  /** The contract with its access rules: `authorize(channels, rules)`. */
  readonly authority: Authority<V, Tx>;
  /** Opens the viewer's read transaction. Default: none, and rules that use `tx` fail. */
  readonly read?: Read<V, Tx>;
  /** For relay, log and fake broker. Default: the clock of the system. */
  readonly clock?: Clock;
  /** Default: a new fake broker. */
  readonly fake?: FakeBroker;
  /** How relay and route reach the fake broker, e.g. over HTTP. Default: by function calls. */
  readonly broker?: Broker;
  /** What is on for each viewer. Default: everything. */
  readonly rollout?: Rollout<V>;
  /** Called with errors of access rules. Default: none. */
  readonly onError?: (error: unknown) => void;
}

/**
 * A server in this process: the real route, relay and publisher over a log and a broker in memory. Clients
 * connect with `transport` and `fetch(viewer)`:
 *
 * ```ts
 * const server = createMemoryServer({ authority: authorize(channels, rules) });
 * const client = createRealtimeClient({
 *   channels, transport: server.transport, fetch: server.fetch({ id: "reader" }),
 * });
 * await server.publish(signal(channels.user({ userId: "reader" }), "notification.created", …));
 * ```
 */
export interface MemoryServer<V extends Viewer> {
  readonly transport: Transport;
  /** A `fetch` that calls the route as this viewer. Null: without a session. */
  fetch(viewer: V | null): typeof fetch;
  /** Commits signals in one transaction. With `revoked` it also increments that channel's access epoch. */
  publish(signals: OutgoingSignal | readonly OutgoingSignal[], revoked?: ChannelRef): Promise<void>;
  readonly fake: FakeBroker;
  readonly log: MemoryLog;
  /** Number of requests that the route has not answered yet. */
  underWay(): number;
  /** Stops the relay. */
  close(): Promise<void>;
}

/** Makes a server in this process and starts its relay. See {@link MemoryServer}. */
export function createMemoryServer<V extends Viewer = Viewer, Tx = Sql>(
  options: MemoryServerOptions<V, Tx>,
): MemoryServer<V> {
  const { authority, clock = systemClock } = options;
  const fake = options.fake ?? createFakeBroker({ clock });
  const broker = options.broker ?? fake.broker;
  const log = createMemoryLog({ clock });
  const rollout = options.rollout === undefined ? {} : { rollout: options.rollout };
  const relay = createRelay({ log, broker, clock, ...rollout });
  const channels: { readonly [contract]: Contract } = { [contract]: authority.contract };
  const { publish } = createPublisher({ channels, log });
  let requests = 0;
  relay.start();

  return {
    transport: fake.transport,
    fake,
    log,
    underWay: () => requests,
    fetch: (viewer) => {
      const handle = createRealtimeHandler<V, Tx>({
        authority,
        getViewer: async () => viewer,
        read: options.read ?? ((_viewer, fn) => fn(noSql as Tx)),
        log,
        broker,
        ...rollout,
        clock,
        secret: "the secret of a server in memory",
        allowedOrigins: [],
        rateLimit: { take: () => 0 },
        onError: options.onError ?? (() => {}),
      });
      return async (url, init) => {
        requests += 1;
        try {
          return await handle(new Request(new URL(String(url), "http://memory.test"), init));
        } finally {
          requests -= 1;
        }
      };
    },
    publish: (signals, revoked) =>
      log.transaction(async (tx) => {
        if (revoked !== undefined) await log.bumpAccessEpoch(tx, revoked);
        await publish(signals, { tx });
      }),
    close: relay.stop,
  };
}

const noSql: Sql = () =>
  Promise.reject(new TypeError("The rule reads the database. Pass `read` to createMemoryServer."));
