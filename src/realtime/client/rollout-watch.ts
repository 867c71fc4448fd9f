import type { LiveFor } from "../protocol/rollout.ts";
import type { Answer } from "./api.ts";
import type { Timers } from "./clock.ts";
import type { Environment } from "./environment.ts";
import { fullJitterMs } from "./jitter.ts";

/** Behind the announcements, ± half. */
const pollMs = 30_000;
/** Where no socket is open nothing is announced: ± half. */
const closedPollMs = 5_000;
/** After an announcement: as long as any server may still hold what was so before it. */
const settlingMs = 1_000;
/** Then at some moment of this time, or more for a large crowd: everybody heard it at once. */
const heard = { firstMs: 1_000, lastMs: 1_000 };

export interface RolloutWatchOptions {
  read(): Promise<Answer<LiveFor>>;
  readonly timers: Timers;
  readonly random: () => number;
  readonly environment: Environment;
  /** Over how long all clients shall spread what they do at once. */
  spreadMs(): number;
  /** Whether announcements can be heard. */
  isConnected(): boolean;
  /** What is on as of now, changed or not. */
  onRead(live: LiveFor): void;
  onSignedOut(): void;
}

/** Asks from time to time what is switched on. */
export interface RolloutWatch {
  start(): void;
  stop(): void;
  /** A change was announced. */
  hurry(): void;
  /** An answer of the server is at odds with what was last read. */
  doubt(): void;
}

export function createRolloutWatch(options: RolloutWatchOptions): RolloutWatch {
  const { timers, random, environment } = options;
  let cancelPoll: (() => void) | undefined;
  let stopListening: (() => void) | undefined;
  let asked = 0;
  /** The youngest question that counts was asked after this one. */
  let settled = 0;
  let readAtMs = Number.NEGATIVE_INFINITY;

  const planPoll = () => {
    cancelPoll?.();
    const isSlow = options.isConnected() || !environment.isVisible();
    const waitMs = (isSlow ? pollMs : closedPollMs) * (0.5 + random());
    cancelPoll = timers.after(waitMs, () => void ask());
  };

  const ask = async () => {
    if (cancelPoll === undefined) return;
    // Without a network nobody answers; its return is heard like everything about the page.
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
    if (cancelPoll !== undefined) planPoll();
  };

  const hurry = () => {
    const waitMs = settlingMs + fullJitterMs(random, 0, heard, options.spreadMs());
    timers.after(waitMs, () => void ask());
  };

  return {
    start: () => {
      if (cancelPoll !== undefined) return;
      stopListening = environment.listen(() => {
        if (environment.isVisible() && !options.isConnected()) hurry();
      });
      planPoll();
    },
    stop: () => {
      settled = asked;
      cancelPoll?.();
      cancelPoll = undefined;
      stopListening?.();
    },
    hurry,
    doubt: () => {
      if (timers.now() - readAtMs >= closedPollMs) hurry();
    },
  };
}
