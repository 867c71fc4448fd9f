import { type Clock, monotonicClock } from "../protocol/clock.ts";
import { observer } from "./observer.ts";
import type { Broker, BrokerApps } from "./ports.ts";
import { isRefusalOfContent } from "./refusal.ts";
import { publishEpochChanged } from "./relay/restore-notice.ts";
import { createTtlCache } from "./ttl-cache.ts";

/** An app of a broker, with the public key that browsers connect with. */
export interface BrokerApp {
  readonly key: string;
  readonly broker: Broker;
}

/** The current app first, then the older apps whose sockets are still served. */
export type ServedApps = readonly [BrokerApp, ...BrokerApp[]];

/** Options of {@link createBrokerGroup}. */
export interface BrokerGroupOptions {
  /** The apps to use until `read` has succeeded once. */
  readonly start: ServedApps;
  /** Reads which apps are served now. Called on demand, at most once in `maxAgeMs`. */
  readonly read: () => Promise<ServedApps>;
  /** How long a result of `read` is used, in ms. Default 1,000. */
  readonly maxAgeMs?: number;
  /**
   * Receives errors of `read`, after which the last known apps stay in use, and of the last notice to a retired
   * app. Default: ignored.
   */
  readonly onError?: (error: unknown) => void;
  readonly clock?: Clock;
}

/** Several apps that act as one broker. */
export interface BrokerGroup extends Broker {
  apps(): Promise<BrokerApps>;
  countSubscriptions(): Promise<ReadonlyMap<string, number>>;
}

/**
 * Combines several apps into one broker, so that keys can be rotated while sockets stay open. A publish goes to
 * every app and resolves when all have accepted it. Signatures come from the app that the socket is connected
 * to. When an app is retired, its subscribers receive one last notice that their channel's epoch changed: they
 * ask the route to join again and receive the current key.
 *
 * Serve a new app for longer than `maxAgeMs` before you make it the current one. Otherwise a process that has
 * not read the new list yet does not publish to clients that already use the new app.
 */
export function createBrokerGroup(options: BrokerGroupOptions): BrokerGroup {
  const { start, read, maxAgeMs = 1_000, clock = monotonicClock } = options;
  const onError = observer(options.onError);
  let served: ServedApps = start;

  const notifyRetired = async ({ key, broker }: BrokerApp) => {
    try {
      const counts = await broker.countSubscriptions?.();
      await publishEpochChanged(broker, [...(counts?.keys() ?? [])], `retired ${key}`.slice(0, 64));
    } catch (error) {
      onError(error);
    }
  };

  const apps = createTtlCache({
    what: "The apps of the broker",
    start,
    read: async () => {
      const next = await read();
      const retired = served.filter(({ key }) => !next.some((each) => each.key === key));
      served = next;
      for (const app of retired) {
        void notifyRetired(app);
        // Repeated for clients that a process with an older list let in after the first notice.
        clock.after(3 * maxAgeMs, () => void notifyRetired(app));
      }
      return next;
    },
    maxAgeMs,
    clock,
    onError,
  });

  /** Publishers read the apps one after another, so that publishes keep their order. */
  let looking: Promise<ServedApps> = Promise.resolve(start);
  const look = () => {
    looking = looking.then(apps.current);
    return looking;
  };

  const signer = async () => {
    const [{ broker }] = await apps.current();
    return broker;
  };

  return {
    publish: async (deliveries) => {
      const asked = (await look()).map(({ broker }) => broker.publish(deliveries));
      const errors = (await Promise.allSettled(asked)).flatMap((outcome) =>
        outcome.status === "rejected" ? [outcome.reason as unknown] : [],
      );
      if (errors.length === 0) return;
      // Report another failure first: a frame counts as poisoned only if no app fails for another reason.
      throw errors.find((error) => !isRefusalOfContent(error)) ?? errors[0];
    },
    sendMessage: async (message) => {
      const asked = (await look()).map(({ broker }) => broker.sendMessage?.(message));
      const failed = (await Promise.allSettled(asked)).find(({ status }) => status === "rejected");
      if (failed?.status === "rejected") throw failed.reason;
    },
    apps: async () => {
      const [current, ...others] = await apps.current();
      return {
        current: current.key,
        signers: new Map([current, ...others].map(({ key, broker }) => [key, broker])),
      };
    },
    signJoin: async (...asked) => (await signer()).signJoin(...asked),
    signUser: async (...asked) => (await signer()).signUser(...asked),
    terminate: async (userId) => {
      const asked = (await apps.current()).map(({ broker }) => broker.terminate(userId));
      const failed = (await Promise.allSettled(asked)).find(({ status }) => status === "rejected");
      if (failed?.status === "rejected") throw failed.reason;
    },
    countSubscriptions: async () => {
      const counts = new Map<string, number>();
      for (const counted of await Promise.all((await apps.current()).map(countOf))) {
        for (const [name, count] of counted) counts.set(name, (counts.get(name) ?? 0) + count);
      }
      return counts;
    },
  };
}

async function countOf({ key, broker }: BrokerApp): Promise<ReadonlyMap<string, number>> {
  const counts = await broker.countSubscriptions?.();
  if (counts === undefined) throw new Error(`The app ${key} does not count subscriptions.`);
  return counts;
}
