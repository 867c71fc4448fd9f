import type { Clock } from "../../protocol/clock.ts";
import { limits } from "../../protocol/limits.ts";
import type { Broker } from "../ports.ts";

/** 1,000 clients reconnect over 5 s, 10 clients over 50 ms. */
const msPerClient = 5;
/** Minimum time between two requests to the broker for its counts. */
const keepMs = 5_000;
/**
 * Length of a counting period. After an outage the current count is low, so the spread uses the largest count
 * of this period and the previous one.
 */
const periodMs = 5 * 60_000;
/** Maximum number of sessions counted without counts from the broker: more would not lengthen the spread. */
const countedSessions = limits.spreadMs / msPerClient;
/** Weight of one request in the moving average of channels per client. */
const weight = 0.05;

/** Estimates how many clients would send the same request at once, as the time to spread their requests over. */
export interface Spread {
  /** Records a join: the session and the number of channels in its request. */
  joined(session: string, channels: number): void;
  /** Spread for all clients in ms, 0 to {@link limits.spreadMs}. */
  spreadMs(): number;
  /** Spread for the subscribers of one wire name in ms; undefined when the broker has given no counts. */
  spreadMsOn(wireName: string): number | undefined;
}

export interface SpreadOptions {
  readonly broker: Pick<Broker, "countSubscriptions"> | null;
  readonly clock: Pick<Clock, "now">;
}

/**
 * Reads the broker's counts in the background: no request waits for them. A broker counts subscriptions, not
 * clients, so the total is divided by the average number of channels per join request.
 */
export function createSpread({ broker, clock }: SpreadOptions): Spread {
  let onChannels: ReadonlyMap<string, number> | undefined;
  let countedAtMs = Number.NEGATIVE_INFINITY;
  let channelsPerClient = 0;
  let period = { startedAtMs: clock.now(), sessions: new Set<string>(), largest: 0 };
  let previous = period;

  const rotatePeriod = () => {
    const ageMs = clock.now() - period.startedAtMs;
    if (ageMs < periodMs) return;
    const next = { startedAtMs: clock.now(), sessions: new Set<string>(), largest: 0 };
    previous = ageMs < 2 * periodMs ? period : next;
    period = next;
  };

  const countAgain = async () => {
    if (broker?.countSubscriptions === undefined || clock.now() - countedAtMs < keepMs) return;
    countedAtMs = clock.now();
    onChannels = await broker.countSubscriptions().catch(() => undefined);
    if (onChannels === undefined) return;
    const counts = [...onChannels.values()];
    const subscriptions = counts.reduce((sum, count) => sum + count, 0);
    const fullest = counts.reduce((most, count) => Math.max(most, count), 0);
    rotatePeriod();
    period.largest = Math.max(
      period.largest,
      fullest,
      subscriptions / Math.max(1, channelsPerClient),
    );
  };

  const toSpreadMs = (clients: number) =>
    Math.min(limits.spreadMs, Math.ceil(clients * msPerClient));

  return {
    joined: (session, channels) => {
      channelsPerClient += (channels - channelsPerClient) * (channelsPerClient === 0 ? 1 : weight);
      rotatePeriod();
      if (period.sessions.size < countedSessions) period.sessions.add(session);
      void countAgain();
    },
    spreadMs: () => {
      rotatePeriod();
      const largest = Math.max(period.largest, previous.largest);
      const sessions = Math.max(period.sessions.size, previous.sessions.size);
      return toSpreadMs(onChannels === undefined ? sessions : largest);
    },
    spreadMsOn: (wireName) => {
      const clients = onChannels === undefined ? undefined : (onChannels.get(wireName) ?? 1);
      return clients === undefined ? undefined : toSpreadMs(clients);
    },
  };
}
