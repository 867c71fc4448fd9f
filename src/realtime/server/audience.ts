import { limits } from "../protocol/limits.ts";
import type { Broker, Clock } from "./ports.ts";

/** A thousand clients come back over five seconds, ten within 50 ms. */
const msPerClient = 5;
/** A look at the broker serves everybody who asks within this time. */
const keepMs = 5_000;
/** The crowd that is coming back was counted before it left: the largest of this time and the last counts. */
const periodMs = 5 * 60_000;
/** Sessions counted where the broker does not tell. Twice as many ask for no longer a spread. */
const countedSessions = limits.spreadMs / msPerClient;
/** How much one request moves the mean. */
const weight = 0.05;

/** How many would do the same in the same moment, told as the time over which they shall do it. */
export interface Audience {
  /** A session asks for so many channels at once. */
  asked(session: string, channels: number): void;
  /** Milliseconds for all clients together, 0 to {@link limits.spreadMs}. */
  spreadMs(): number;
  /** The same for those on one wire name; undefined where the broker does not tell. */
  spreadMsOn(wireName: string): number | undefined;
}

export interface AudienceOptions {
  readonly broker: Pick<Broker, "audience"> | null;
  readonly clock: Pick<Clock, "now">;
}

/**
 * Counts at the broker, in the background: no answer waits for it, and one that fails changes nothing.
 * A broker counts subscriptions, not clients; how many of them make a client is what requests tell.
 */
export function createAudience({ broker, clock }: AudienceOptions): Audience {
  let onChannels: ReadonlyMap<string, number> | undefined;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let channelsPerClient = 0;
  let period = { beganAtMs: clock.now(), sessions: new Set<string>(), largest: 0 };
  let before = period;

  const turn = () => {
    const ageMs = clock.now() - period.beganAtMs;
    if (ageMs < periodMs) return;
    const next = { beganAtMs: clock.now(), sessions: new Set<string>(), largest: 0 };
    before = ageMs < 2 * periodMs ? period : next;
    period = next;
  };

  const look = async () => {
    if (broker?.audience === undefined || clock.now() - lookedAtMs < keepMs) return;
    lookedAtMs = clock.now();
    onChannels = await broker.audience().catch(() => undefined);
    if (onChannels === undefined) return;
    const counts = [...onChannels.values()];
    const subscriptions = counts.reduce((sum, count) => sum + count, 0);
    const fullest = counts.reduce((most, count) => Math.max(most, count), 0);
    turn();
    period.largest = Math.max(
      period.largest,
      fullest,
      subscriptions / Math.max(1, channelsPerClient),
    );
  };

  const toSpreadMs = (clients: number) =>
    Math.min(limits.spreadMs, Math.ceil(clients * msPerClient));

  return {
    asked: (session, channels) => {
      channelsPerClient += (channels - channelsPerClient) * (channelsPerClient === 0 ? 1 : weight);
      turn();
      if (period.sessions.size < countedSessions) period.sessions.add(session);
      void look();
    },
    spreadMs: () => {
      turn();
      const largest = Math.max(period.largest, before.largest);
      const sessions = Math.max(period.sessions.size, before.sessions.size);
      return toSpreadMs(onChannels === undefined ? sessions : largest);
    },
    spreadMsOn: (wireName) => {
      const clients = onChannels === undefined ? undefined : (onChannels.get(wireName) ?? 1);
      return clients === undefined ? undefined : toSpreadMs(clients);
    },
  };
}
