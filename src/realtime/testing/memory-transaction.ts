import type { Sql } from "../server/ports.ts";
import type { MemoryRow } from "./memory-store.ts";

/** What a transaction will have done. */
export interface Changes {
  readonly signals: Pick<MemoryRow, "channel" | "signal">[];
  readonly revoked: string[];
}

export interface MemoryTransaction extends Changes {
  /** Takes a key for this transaction, or waits for the one that has it. @returns false when it is used up */
  claim(idempotencyKey: string): Promise<boolean>;
}

interface Holder {
  /** True once its transaction committed, false when it rolled back. */
  readonly outcome: Promise<boolean>;
}

/** Transactions by the `tx` they hand out; `commit` is told the changes of each, all at once. */
export function createTransactions(commit: (changes: Changes) => void) {
  const open = new WeakMap<Sql, MemoryTransaction>();
  const keys = new Map<string, Holder>();

  const begin = (outcome: Promise<boolean>): MemoryTransaction => {
    const mine: Holder = { outcome };
    return {
      signals: [],
      revoked: [],
      claim: async (key) => {
        for (let holder = keys.get(key); holder !== undefined; holder = keys.get(key)) {
          if (holder === mine || (await holder.outcome)) return false;
          if (keys.get(key) === holder) keys.delete(key);
        }
        keys.set(key, mine);
        return true;
      },
    };
  };

  return {
    of: (tx: Sql): MemoryTransaction => {
      const transaction = open.get(tx);
      if (transaction === undefined) {
        throw new TypeError(
          "This is no open transaction of the memory log: use its transaction().",
        );
      }
      return transaction;
    },
    run: async <Result>(fn: (tx: Sql) => Promise<Result>): Promise<Result> => {
      const tx: Sql = () => Promise.reject(new TypeError("The memory log runs no SQL."));
      let settle = (_committed: boolean) => {};
      const transaction = begin(
        new Promise<boolean>((resolve) => {
          settle = resolve;
        }),
      );
      open.set(tx, transaction);
      try {
        const result = await fn(tx);
        commit(transaction);
        settle(true);
        return result;
      } finally {
        open.delete(tx);
        settle(false); // once settled it stays as it is
      }
    },
  };
}
