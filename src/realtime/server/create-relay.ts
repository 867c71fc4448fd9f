import { backOffMs } from "./back-off.ts";
import { createBell } from "./bell.ts";
import { createChain } from "./chain.ts";
import { systemClock, within } from "./clock.ts";
import { createEchoes, type Echoes } from "./echoes.ts";
import { createFrameLimiter } from "./frame-limiter.ts";
import { mergeDeliveries } from "./merge-deliveries.ts";
import { createPagePublisher, type PagePublisher } from "./page-publisher.ts";
import type { Broker, Clock, Delivery, LogPage, RelayLog, RelaySession } from "./ports.ts";
import { readAhead } from "./read-ahead.ts";
import { isRefusalOfContent } from "./refusal.ts";
import { published, type RelayEvent, type RelayHealth } from "./relay-events.ts";
import { tellRestored } from "./restore-notice.ts";
import type { Rollout } from "./rollout.ts";

export interface RelayOptions {
  readonly log: RelayLog;
  readonly broker: Broker;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** 0 to 1, for back-off. Default `Math.random`. */
  readonly random?: () => number;
  /**
   * What is off leaves nothing: it waits in the log for whoever asks later. What has a limit leaves in
   * fewer frames. Default: all is on, and nothing has a limit.
   */
  readonly rollout?: Pick<Rollout, "gate" | "frameLimit">;
  /** Delivered signals are kept this long for catch-up. Default 72 hours. */
  readonly retentionMs?: number;
  readonly onEvent?: (event: RelayEvent) => void;
}

/** Moves committed signals from the log to a broker. */
export interface Relay {
  /** Starts; of several relays on one log, one works and the others stand by. Idempotent. */
  start(): void;
  /** Resolves when the session is closed and nothing runs any more. Idempotent. */
  stop(): Promise<void>;
  health(): RelayHealth;
  /**
   * Says that something was committed in this process: it is read at once, not when the database's notice
   * arrives. Never needed, and never wrong.
   */
  ring(): void;
}

/** Between the starts of two readings: company for a burst, and the most a lone second signal waits. */
const spacingMs = 25;
/** The same in a flood, when nearly everything merges: a channel needs no more than 20 frames a second. */
const floodSpacingMs = 50;
/** Signals for each frame, on average, from which on it is a flood. */
const floodRatio = 16;
/** Behind the doorbell, in case a ring was lost. */
export const pollMs = 2000;
/** The switch outlasts a late poll, and a dead relay not by much. */
const sleepMs = 3 * pollMs;
/** While transactions that may not ring are still open, at first. Doubles up to {@link pollMs}. */
const settleMs = 10;
const statementMs = 5000;
/** Echoes in one turn. */
const echoesPerTurn = 200;
/** A relay that takes over says again what the one before it may not have said often enough. */
const takeOverMs = 60_000;
const pruneEveryMs = 10 * 60 * 1000;

export function createRelay(options: RelayOptions): Relay {
  const { log, broker, clock = systemClock, random = Math.random } = options;
  const { retentionMs = 72 * 60 * 60 * 1000, onEvent = () => {} } = options;
  const { gate = async () => () => true, frameLimit = async () => undefined } =
    options.rollout ?? {};
  const bell = createBell(clock);
  let stopping = false;
  let running: Promise<void> | undefined;
  let health: RelayHealth = {
    state: "stopped",
    backlog: 0,
    more: false,
    lagMs: 0,
    attempts: 0,
    lastError: undefined,
    published: 0,
    caughtUpMsAgo: undefined,
  };
  let pageReadAt = clock.now();
  let caughtUpAt: number | undefined;
  const note = (change: Partial<RelayHealth>) => {
    health = { ...health, ...change };
  };
  const answered = <Result>(work: PromiseLike<Result>) =>
    within(clock, statementMs, "The database", work);

  /** Waits after a failure; a ring does not shorten it, a stop does. */
  const retryLater = async (type: "broker-failed" | "database-failed", error: unknown) => {
    const attempt = health.attempts + 1;
    const retryMs = backOffMs(attempt, random);
    note({ attempts: attempt, lastError: error });
    onEvent({ type, attempt, retryMs, error });
    await pause(retryMs);
  };

  const pause = async (durationMs: number) => {
    const end = clock.now() + durationMs;
    for (let leftMs = durationMs; leftMs > 0 && !stopping; leftMs = end - clock.now()) {
      await bell.wait(leftMs);
    }
  };

  /** @returns the frames as they went; undefined, after a while, when the broker did not accept */
  const publish = async (
    publisher: PagePublisher,
    page: LogPage,
    frames: readonly Delivery[],
  ): Promise<readonly Delivery[] | undefined> => {
    const outcome = await publisher.publish(page, frames);
    if (outcome.status === "failed") {
      note({ state: "blocked" });
      await retryLater("broker-failed", outcome.error);
      return undefined;
    }
    if (outcome.status === "refused") {
      await pause(backOffMs(outcome.attempt, random));
      return undefined;
    }
    if (page.deliveries.length > 0) onEvent(published(page, frames.length, currentLag()));
    note({
      state: "leading",
      backlog: 0,
      more: page.more,
      lagMs: 0,
      attempts: 0,
      published: health.published + page.deliveries.length,
    });
    return outcome.frames;
  };

  const currentLag = () => health.lagMs + (clock.now() - pageReadAt);

  const takeLead = async (session: RelaySession): Promise<string | undefined> => {
    for (;;) {
      const position = await answered(session.lead());
      if (position !== undefined || stopping) return position;
      if (health.state !== "standby") onEvent({ type: "standby" });
      note({ state: "standby", attempts: 0 });
      await pause(pollMs);
    }
  };

  /** @returns whether more is due. One that fails stays due, and disturbs nothing else. */
  const echo = async (echoes: Echoes): Promise<boolean> => {
    const due = echoes.due(echoesPerTurn);
    if (due.length === 0) return false;
    try {
      await broker.publish(due.filter(await gate(due)));
      echoes.echoed(due);
    } catch (error) {
      // Of one that is refused there is nothing to be said again.
      if (isRefusalOfContent(error)) echoes.echoed(due);
      return false;
    }
    return due.length === echoesPerTurn;
  };

  const deliver = async (session: RelaySession, start: string): Promise<void> => {
    const chain = createChain({ heads: (...asked) => answered(session.heads(...asked)) });
    const echoes = createEchoes(clock);
    echoes.sent(await answered(session.recent(start, takeOverMs)));
    const limiter = createFrameLimiter(clock);
    const publisher = createPagePublisher({
      broker,
      setAside: (rows) => answered(session.setAside(rows)),
      onEvent,
    });
    const prune = async () => {
      if (clock.now() - prunedAt < pruneEveryMs) return;
      prunedAt = clock.now();
      const signals = await answered(session.prune(retentionMs));
      if (signals > 0) onEvent({ type: "pruned", signals });
    };
    const read = (from: string) => answered(session.read(from));
    let beatAt = Number.NEGATIVE_INFINITY;
    /** Called whenever everything that was read has been delivered and no more is known to wait. */
    const beat = async () => {
      caughtUpAt = clock.now();
      broker.caughtUp?.();
      if (clock.now() - beatAt < pollMs) return;
      beatAt = clock.now();
      await answered(session.beat());
    };
    let position = start;
    let attempts = 0;
    let asleep = false;
    let sleptAt = 0;
    let settle = settleMs;
    let prunedAt = clock.now() - pruneEveryMs;
    let restored = await answered(session.isRestored());
    let lookedAt = clock.now() - pollMs;
    /** @returns whether this log is no longer the one that was begun with */
    const lookAtLog = async (): Promise<boolean> => {
      if (clock.now() - lookedAt < pollMs) return false;
      lookedAt = clock.now();
      if (!restored) return answered(session.isRestored());
      let told: boolean;
      try {
        told = await tellRestored(broker, position);
      } catch (error) {
        note({ lastError: error }); // it stays due, and disturbs nothing else
        return false;
      }
      await answered(session.save(position));
      restored = false;
      onEvent({ type: "restored", told });
      return false;
    };
    while (!stopping) {
      if (await lookAtLog()) return;
      const page = await readAhead(read, position, clock);
      if (page.deliveries.length > 0 || limiter.dueInMs() === 0) {
        pageReadAt = clock.now();
        attempts += 1;
        note({ backlog: page.deliveries.length, more: page.more, lagMs: page.lagMs });
        // While the broker is slow or away nobody shall pay for ringing.
        // Should that fail, the session is gone, and saving fails for the same reason.
        if (asleep) session.wake().catch(() => {});
        asleep = false;
        const isOn = await gate(page.deliveries);
        const turn = limiter.turn(page, await frameLimit());
        const onAir = turn.leaving.filter(isOn);
        const frames = await chain.link(mergeDeliveries(onAir), position);
        const sent = await publish(publisher, { ...page, deliveries: turn.leaving }, frames);
        if (sent === undefined) {
          // What was not accepted is read anew: a right may end meanwhile, and its channel move.
          position = limiter.startOver(position);
          continue;
        }
        chain.sent(frames);
        echoes.sent(sent);
        const noted = limiter.left(turn, sent, {
          since: position,
          signals: page.deliveries.length,
          withheld: turn.leaving.length - onAir.length,
          frames: sent.length,
          attempts,
          tookMs: clock.now() - pageReadAt,
        });
        // Where nobody could be told of a restored log yet, the next leader shall still find it out.
        if (noted !== undefined && !restored) {
          await answered(session.save(noted.position, noted.page));
        }
        position = page.position;
        attempts = 0;
        if (!page.more) await beat();
        await echo(echoes);
        await prune();
        const isFlood = onAir.length >= floodRatio * Math.max(1, frames.length);
        const apartMs = isFlood ? floodSpacingMs : spacingMs;
        if (!page.more) await pause(apartMs - (clock.now() - pageReadAt));
        continue;
      }
      position = page.position;
      await beat();
      if (!asleep) {
        await answered(session.sleep(sleepMs));
        asleep = true;
        sleptAt = clock.now();
        settle = settleMs;
        continue; // whatever was committed before the switch turned is read now
      }
      await prune();
      if (await echo(echoes)) continue;
      settle = Math.min(pollMs, settle * 2);
      await bell.wait(Math.min(page.quiet ? pollMs : settle, limiter.dueInMs()));
      // What rang is read first; the switch is turned while it is published.
      if (clock.now() - sleptAt < pollMs) continue;
      sleptAt = clock.now();
      await answered(session.sleep(sleepMs));
    }
  };

  const run = async (): Promise<void> => {
    while (!stopping) {
      note({ state: "connecting" });
      let session: RelaySession | undefined;
      try {
        session = await within(
          clock,
          2 * statementMs,
          "The database",
          log.open({
            rang: bell.ring,
            // Whatever waits for the bell shall find out that the session is gone.
            closed: bell.ring,
          }),
        );
        const position = await takeLead(session);
        if (position === undefined) continue;
        note({ state: "leading", attempts: 0 });
        onEvent({ type: "leading" });
        await deliver(session, position);
        await answered(session.wake());
      } catch (error) {
        note({ state: "connecting" });
        if (!stopping) await retryLater("database-failed", error);
      } finally {
        await session?.close().catch(() => {});
      }
    }
    note({ state: "stopped", backlog: 0, more: false, lagMs: 0 });
  };

  return {
    start: () => {
      if (running !== undefined) return;
      stopping = false;
      running = run();
    },
    stop: async () => {
      stopping = true;
      bell.ring();
      await running;
      running = undefined;
    },
    ring: bell.ring,
    health: () => ({
      ...health,
      lagMs: health.backlog === 0 ? health.lagMs : currentLag(),
      caughtUpMsAgo: caughtUpAt === undefined ? undefined : clock.now() - caughtUpAt,
    }),
  };
}
