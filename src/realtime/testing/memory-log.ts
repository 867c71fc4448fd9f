import { createHash } from "node:crypto";
import type { Clock } from "../client/clock.ts";
import { systemClock } from "../client/clock.ts";
import { movedEvent } from "../protocol/moved.ts";
import type { RelayLog, SignalLog, Sql } from "../server/ports.ts";
import { createRelaySessions } from "./memory-relay-session.ts";
import { memoryBehind, memorySince } from "./memory-since.ts";
import type { MemoryStore } from "./memory-store.ts";
import { createTransactions } from "./memory-transaction.ts";

export interface MemoryLogOptions {
  /** For ages and the doorbell. Default: the system's. */
  readonly clock?: Clock;
  /** Rows in one page of the relay. Default 1000. */
  readonly pageRows?: number;
}

/**
 * The signal log without Postgres, for tests that are not about SQL: order, late commits, idempotency
 * keys, access epochs, gaps and the one leading relay are those of the real one, and the same tests run
 * over both. What Postgres checks by constraints and privileges it does not.
 */
export interface MemoryLog extends SignalLog, RelayLog {
  /**
   * Runs a transaction. What is published or revoked with its `tx` is committed when `fn` resolves, and
   * never was when it rejects. `tx` runs no SQL.
   */
  transaction<Result>(fn: (tx: Sql) => Promise<Result>): Promise<Result>;
  /** Becomes another log, as a database restored from a dump does: every older position is a gap. */
  restore(): void;
  /** Breaks the sessions of relays. */
  cut(): void;
}

export function createMemoryLog(options: MemoryLogOptions = {}): MemoryLog {
  const { clock = systemClock, pageRows = 1000 } = options;
  const store: MemoryStore = {
    epoch: 1,
    commits: 0,
    rows: [],
    floor: 0,
    accessEpochs: new Map(),
    relayed: undefined,
    asleepUntilMs: 0,
    beatAtMs: undefined,
  };
  let appended = 0;
  const sessions = createRelaySessions(store, { clock, pageRows });
  const newId = () => {
    appended += 1;
    return createHash("md5").update(`${store.epoch} ${appended}`).digest("hex");
  };
  const transactions = createTransactions(({ signals, revoked }) => {
    store.commits += 1;
    const committed = { commit: store.commits, committedAtMs: clock.now() };
    const moved = revoked.map((channel) => {
      const epoch = store.accessEpochs.get(channel) ?? 0;
      store.accessEpochs.set(channel, epoch + 1);
      const ids = [{ epochId: String(epoch) }];
      return { channel, signal: { id: newId(), name: movedEvent, ids, origin: undefined } };
    });
    const rows = [...signals, ...moved].map((each) => ({ ...committed, ...each }));
    store.rows = [...store.rows, ...rows];
    if (rows.length > 0 && store.asleepUntilMs > clock.now()) sessions.ring();
  });

  return {
    transaction: transactions.run,
    append: async (tx, signals, { idempotencyKey, origin } = {}) => {
      if (idempotencyKey === "") throw new TypeError("The idempotency key is empty.");
      const transaction = transactions.of(tx);
      if (signals.length === 0) return;
      if (idempotencyKey !== undefined && !(await transaction.claim(idempotencyKey))) return;
      for (const { channel, name, ids } of signals) {
        const signal = { id: newId(), name, ids: ids && [ids], origin };
        transaction.signals.push({ channel: channel.name, signal });
      }
    },
    since: async (requests) => memorySince(store, requests),
    behind: async (requests) => memoryBehind(store, requests),
    relayAgeMs: async () => (store.beatAtMs === undefined ? null : clock.now() - store.beatAtMs),
    accessEpochs: async (channels) =>
      new Map(channels.map((channel) => [channel, store.accessEpochs.get(channel) ?? 0])),
    bumpAccessEpoch: async (tx, channel) => {
      transactions.of(tx).revoked.push(channel.name);
    },
    open: sessions.open,
    restore: () => {
      store.epoch += 1;
    },
    cut: sessions.cut,
  };
}
