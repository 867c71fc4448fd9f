import type { Sql } from "../../server/ports.ts";
import type { MemoryRow } from "./memory-store.ts";

/** The changes of a transaction. */
export interface Changes {
  readonly signals: Pick<MemoryRow, "channel" | "signal">[];
  readonly revoked: string[];
}

export interface MemoryTransaction extends Changes {
  /**
   * Claims an idempotency key. Waits while another open transaction has it.
   *
   * @returns false when the key was used by a committed transaction or by this one
   */
  claim(idempotencyKey: string): Promise<boolean>;
}

interface Holder {
  /** True once its transaction committed, false when it rolled back. */
  readonly outcome: Promise<boolean>;
}

/** Makes transactions, which are identified by their `tx`. Calls `commit` once with all changes of each. */
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
          "`tx` is not an open transaction of the memory log. Call this inside its transaction().",
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
        settle(false); // no effect after a commit
      }
    },
  };
}
