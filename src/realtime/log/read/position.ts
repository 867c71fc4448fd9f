import { formatSnapshot, parseSnapshot, type Snapshot } from "./snapshot.ts";

/** A position in a log. */
export interface Position {
  /** Identifies the log; a restored database has another epoch. */
  readonly epoch: string;
  readonly snapshot: Snapshot;
}

export function formatPosition(epoch: string, snapshot: Snapshot): string {
  return `${epoch}/${formatSnapshot(snapshot)}`;
}

/** @returns undefined for an invalid text, for which catch-up is a gap. */
export function parsePosition(text: string | null): Position | undefined {
  const [epoch, rest, ...more] = text?.split("/") ?? [];
  if (epoch === undefined || rest === undefined || more.length > 0) return undefined;
  const snapshot = parseSnapshot(rest);
  return snapshot && { epoch, snapshot };
}

/** Parses a snapshot that Postgres has returned. */
export function trustedSnapshot(text: string): Snapshot {
  const snapshot = parseSnapshot(text);
  if (snapshot === undefined)
    throw new TypeError(`Postgres returned an invalid snapshot, "${text}".`);
  return snapshot;
}
