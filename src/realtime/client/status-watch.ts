import type { LiveFor } from "../protocol/rollout.ts";
import type { Answer } from "./api.ts";
import type { Timers } from "./clock.ts";
import type { Environment } from "./environment.ts";
import { fullJitterMs } from "./jitter.ts";

/** Behind the announcements, while a connection is open and a relay works, ± {@link pollJitter}. */
export const pollMs = 60_000;
/** Each wait is longer or shorter by up to this part of it. */
export const pollJitter = 0.25;
/** While no relay works. */
const relayPollMs = 20_000;
/** Where no socket is open nothing is announced. */
const closedPollMs = 5_000;
/** After an announcement: as long as any server may still hold what was so before it. */
const settlingMs = 1_000;
/** Then full jitter over this time, or more for a large crowd: all clients got the announcement at once. */
const heard = { firstMs: 1_000, lastMs: 1_000 };

export interface StatusWatchOptions {
  read(): Promise<Answer<LiveFor>>;
  readonly timers: Timers;
  readonly random: () => number;
  readonly environment: Environment;
  /** Over how long all clients shall spread what they do at once. */
  spreadMs(): number;
  /** Whether announcements can arrive. */
  isConnected(): boolean;
  isRelayAlive(): boolean;
  /** What is on as of now, changed or not. */
  onRead(live: LiveFor): void;
  onSignedOut(): void;
}

/**
 * Asks from time to time what is switched on, whether a relay works and whether something was missed. A
 * hidden page does not ask; a page that becomes visible asks soon if its last answer is old.
 */
export interface StatusWatch {
  start(): void;
  stop(): void;
  /** A connection was opened, or the relay was found to work or not: the next poll is planned again. */
  replan(): void;
  /** A change was announced. */
  hurry(): void;
  /** An answer of the server is at odds with what was last read. */
  doubt(): void;
}

export function createStatusWatch(options: StatusWatchOptions): StatusWatch {
  const { timers, random, environment } = options;
  let isStarted = false;
  let cancelPoll = () => {};
  let stopListening: (() => void) | undefined;
  let asked = 0;
  /** The youngest question that counts was asked after this one. */
  let settled = 0;
  let readAtMs = Number.NEGATIVE_INFINITY;

  const periodMs = () => {
    if (!options.isConnected()) return closedPollMs;
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

  const ask = async () => {
    if (!isStarted) return;
    // Without a network there is no answer. The environment reports when it is back.
    if (!environment.isOnline()) return planPoll();
    asked += 1;
    const question = asked;
    const answer = await options.read();
    if (question <= settled) return;
    settled = question;
    readAtMs = timers.now();
    if (answer.status === "ok") options.onRead(answer.body);
    if (answer.status === "signed-out") options.onSignedOut();
    // Only now: what was read may have closed the connection, and with it the announcements.
    if (isStarted) planPoll();
  };

  const hurry = () => {
    const waitMs = settlingMs + fullJitterMs(random, 0, heard, options.spreadMs());
    timers.after(waitMs, () => void ask());
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
