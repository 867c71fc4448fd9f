import { systemClock } from "./clock.ts";
import { createFresh } from "./fresh.ts";
import type { Broker, BrokerApps, Clock } from "./ports.ts";
import { isRefusalOfContent } from "./refusal.ts";
import { tellMoved } from "./restore-notice.ts";

/** An app of a broker, by the public key that browsers connect with. */
export interface BrokerApp {
  readonly key: string;
  readonly broker: Broker;
}

/** The current app first, then those whose sockets are still served. */
export type ServedApps = readonly [BrokerApp, ...BrokerApp[]];

export interface BrokerGroupOptions {
  /** What holds until apps could be read. */
  readonly start: ServedApps;
  /** Reads which apps are served now. Called when one is needed, at most once in `maxAgeMs`. */
  readonly read: () => Promise<ServedApps>;
  /** For how long they are not read again. Default 1,000. */
  readonly maxAgeMs?: number;
  /** Told why apps could not be read, the last known go on to hold; or why a retired one heard no farewell. */
  readonly onError?: (error: unknown) => void;
  readonly clock?: Clock;
}

/** Several apps as one broker. */
export interface BrokerGroup extends Broker {
  apps(): Promise<BrokerApps>;
  audience(): Promise<ReadonlyMap<string, number>>;
}

/**
 * Makes one broker of several apps, so that keys can be exchanged while sockets stay open. What is
 * published goes to every app and counts when all have accepted it; a socket is signed for by the app it
 * is connected with. An app that is no longer among them hears one thing more: that its names are given
 * up, which sends those who listen to the route, where they are told the current key.
 *
 * An app is to be served for longer than `maxAgeMs` before it is the current one, or a process that has
 * not read yet publishes past those who have already moved.
 */
export function createBrokerGroup(options: BrokerGroupOptions): BrokerGroup {
  const { start, read, maxAgeMs = 1_000, onError = () => {}, clock = systemClock } = options;
  let served: ServedApps = start;

  const bidFarewell = async ({ key, broker }: BrokerApp) => {
    try {
      const audience = await broker.audience?.();
      await tellMoved(broker, [...(audience?.keys() ?? [])], `retired ${key}`.slice(0, 64));
    } catch (error) {
      onError(error);
    }
  };

  const apps = createFresh({
    what: "The apps of the broker",
    start,
    read: async () => {
      const next = await read();
      const retired = served.filter(({ key }) => !next.some((each) => each.key === key));
      served = next;
      for (const app of retired) {
        void bidFarewell(app);
        // Again for those whom a process that had not read yet let in meanwhile.
        clock.after(3 * maxAgeMs, () => void bidFarewell(app));
      }
      return next;
    },
    maxAgeMs,
    clock,
    onError,
  });

  /** Those who publish look in turn, so that nobody overtakes who came before. */
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
      // Nothing is set aside for its content while an app fails for another reason.
      throw errors.find((error) => !isRefusalOfContent(error)) ?? errors[0];
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
    audience: async () => {
      const counts = new Map<string, number>();
      for (const audience of await Promise.all((await apps.current()).map(audienceOf))) {
        for (const [name, count] of audience) counts.set(name, (counts.get(name) ?? 0) + count);
      }
      return counts;
    },
  };
}

async function audienceOf({ key, broker }: BrokerApp): Promise<ReadonlyMap<string, number>> {
  const audience = await broker.audience?.();
  if (audience === undefined) throw new Error(`The app ${key} does not tell who listens.`);
  return audience;
}
