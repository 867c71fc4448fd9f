import { fullJitterMs } from "../../protocol/back-off.ts";
import type { Timers } from "../../protocol/clock.ts";
import type { LiveFor } from "../../protocol/rollout.ts";
import type { Answer, Api } from "../api.ts";
import type { Session } from "../channels/session.ts";
import type { Environment } from "../environment.ts";

/** Interval of polls while a connection is open and a relay works, ± {@link pollJitter}. */
export const pollMs = 60_000;
/** Each interval is longer or shorter by up to this share. */
export const pollJitter = 0.25;
/** Interval while no relay works. */
const relayPollMs = 20_000;
/** Interval without a connection, when no announcements arrive, and after the first request without an answer. */
const closedPollMs = 5_000;
/** Wait after an announcement. Servers cache the rollout for up to this time. */
const settlingMs = 1_000;
/** Window of the jitter in addition to it, because all clients get the announcement at the same time. */
const announced = { firstMs: 1_000, lastMs: 1_000 };

export interface StatusWatchOptions {
  readonly api: Pick<Api, "positions" | "rollout">;
  /** The session of the open connection, on which announcements arrive. */
  session(): Session | undefined;
  readonly timers: Timers;
  readonly random: () => number;
  readonly environment: Environment;
  /** Spread of all clients in ms. */
  spreadMs(): number;
  isRelayAlive(): boolean;
  /** Called with each successful answer, changed or not. */
  onRead(live: LiveFor): void;
  /** Called after each request: whether the route has stopped answering. */
  onSilent(isSilent: boolean): void;
  onSignedOut(): void;
}

/**
 * Polls what is switched on, whether a relay works and whether signals were missed. A hidden page does not
 * poll. A page that becomes visible polls soon if its last answer is older than the interval.
 */
export interface StatusWatch {
  start(): void;
  stop(): void;
  /** A connection was opened, or the relay was found to work or not: the next poll is planned again. */
  replan(): void;
  /** A change was announced. */
  hurry(): void;
  /** A response contradicts the last answer. */
  doubt(): void;
}

export function createStatusWatch(options: StatusWatchOptions): StatusWatch {
  const { api, session, timers, random, environment } = options;
  let isStarted = false;
  let cancelPoll = () => {};
  let cancelHurry = () => {};
  let stopListening: (() => void) | undefined;
  let asked = 0;
  /** Number of the latest request that was answered or given up. Answers to earlier ones are ignored. */
  let settled = 0;
  let readAtMs = Number.NEGATIVE_INFINITY;
  let answeredAtMs = timers.now();
  /** Requests without an answer, since the last answer. */
  let unanswered = 0;

  const periodMs = () => {
    if (session() === undefined || unanswered === 1) return closedPollMs;
    return options.isRelayAlive() ? pollMs : relayPollMs;
  };

  const planPoll = () => {
    cancelPoll();
    if (!environment.isVisible()) return;
    cancelPoll = timers.after(
      periodMs() * (1 - pollJitter + random() * 2 * pollJitter),
      () => void ask(),
    );
  };

  /** Asks what is on for the viewer, and catches up the live channels that missed signals. */
  const read = async (): Promise<Answer<LiveFor>> => {
    const asked = session();
    let answer: Answer<LiveFor> | undefined;
    for (const batch of asked?.positions() ?? []) {
      const next = await api.positions(batch);
      answer = next;
      if (next.status !== "ok") break;
      if (session() === asked && next.body.behind.length > 0) asked?.catchUp(next.body.behind);
    }
    return answer ?? api.rollout();
  };

  const ask = async () => {
    if (!isStarted) return;
    // The environment reports when the network is back.
    if (!environment.isOnline()) return planPoll();
    asked += 1;
    const question = asked;
    const answer = await read();
    if (question <= settled) return;
    settled = question;
    readAtMs = timers.now();
    unanswered = answer.status === "retry" ? unanswered + 1 : 0;
    // One failed request proves little, except when the last answer is older than the longest interval.
    const isLate = readAtMs - answeredAtMs > pollMs * (1 + pollJitter);
    options.onSilent(unanswered > 1 || (unanswered > 0 && isLate));
    if (unanswered === 0) answeredAtMs = readAtMs;
    if (answer.status === "ok") options.onRead(answer.body);
    if (answer.status === "signed-out") options.onSignedOut();
    // Last, because the answer may have closed the connection and with it changed the interval.
    if (isStarted) planPoll();
  };

  const hurry = () => {
    cancelHurry();
    const waitMs = settlingMs + fullJitterMs(random, 0, announced, options.spreadMs());
    cancelHurry = timers.after(waitMs, () => void ask());
  };

  return {
    start: () => {
      if (isStarted) return;
      isStarted = true;
      stopListening = environment.listen(() => {
        planPoll();
        if (environment.isVisible() && timers.now() - readAtMs >= periodMs()) hurry();
      });
      planPoll();
    },
    stop: () => {
      isStarted = false;
      settled = asked;
      cancelPoll();
      cancelHurry();
      stopListening?.();
    },
    replan: () => {
      if (isStarted) planPoll();
    },
    hurry,
    doubt: () => {
      if (timers.now() - readAtMs >= closedPollMs) hurry();
    },
  };
}
