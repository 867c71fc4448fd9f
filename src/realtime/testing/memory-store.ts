import type { Delivery } from "../server/ports.ts";

/** A committed row. */
export interface MemoryRow {
  /** Number of its transaction, in the order of commits. */
  readonly commit: number;
  readonly committedAtMs: number;
  readonly channel: string;
  readonly signal: Delivery["signal"];
}

/** What is committed; the rest of the memory log are views of it. */
export interface MemoryStore {
  epoch: number;
  commits: number;
  rows: readonly MemoryRow[];
  /** Rows up to this commit may be gone. */
  floor: number;
  readonly accessEpochs: Map<string, number>;
  /** How far the relay has come, and in which log. */
  relayed: string | undefined;
  /** When a relay last had delivered everything. */
  beatAtMs: number | undefined;
  /** Writers ring until then. */
  asleepUntilMs: number;
}
