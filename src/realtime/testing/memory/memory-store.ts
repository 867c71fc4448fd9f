import type { Delivery } from "../../server/ports.ts";

/** A committed row. */
export interface MemoryRow {
  /** Number of its transaction, in the order of commits. */
  readonly commit: number;
  readonly committedAtMs: number;
  readonly channel: string;
  readonly signal: Delivery["signal"];
}

/** The committed state of a memory log. */
export interface MemoryStore {
  epoch: number;
  commits: number;
  rows: readonly MemoryRow[];
  /** Rows up to this commit may have been pruned. */
  floor: number;
  readonly accessEpochs: Map<string, number>;
  /** Position that the relay has saved. */
  relayed: string | undefined;
  /** When a relay had last delivered everything. */
  beatAtMs: number | undefined;
  /** Until then writers send the wake signal on commit. */
  asleepUntilMs: number;
}
