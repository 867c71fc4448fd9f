import { createHash } from "node:crypto";
import type { Clock } from "../../protocol/clock.ts";
import { systemClock } from "../../protocol/clock.ts";
import { epochChangedEvent } from "../../protocol/epoch-changed.ts";
import type { RelayLog, SignalLog, Sql } from "../../server/ports.ts";
import { createRelaySessions } from "./memory-relay-session.ts";
import { memoryBehind, memorySince } from "./memory-since.ts";
import type { MemoryStore } from "./memory-store.ts";
import { createTransactions } from "./memory-transaction.ts";

/** Options of {@link createMemoryLog}. */
export interface MemoryLogOptions {
  /** For ages and the wake signal. Default: the clock of the system. */
  readonly clock?: Clock;
  /** Rows that the relay reads at a time. Default 1000. */
  readonly pageRows?: number;
}

/**
 * A signal log in memory, for tests without Postgres. Order, late commits, idempotency keys, access epochs,
 * gaps and the lease of the relay work as in the Postgres log, and the same tests run over both. It has no
 * constraints and privileges.
 */
export interface MemoryLog extends SignalLog, RelayLog {
  /**
   * Runs a transaction. It commits what was published or revoked with its `tx` when `fn` resolves, and rolls
   * back when `fn` rejects. `tx` runs no SQL.
   */
  transaction<Result>(fn: (tx: Sql) => Promise<Result>): Promise<Result>;
  /** Acts like a database restored from a dump: every older position becomes a gap. */
  restore(): void;
  /** Closes the database sessions of relays. */
  cut(): void;
}

/** Makes an empty log in memory. See {@link MemoryLog}. */
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
      return { channel, signal: { id: newId(), name: epochChangedEvent, ids, origin: undefined } };
    });
    const rows = [...signals, ...moved].map((each) => ({ ...committed, ...each }));
    store.rows = [...store.rows, ...rows];
    if (rows.length > 0 && store.asleepUntilMs > clock.now()) sessions.notify();
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
