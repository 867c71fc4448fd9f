import { formatSnapshot, parseSnapshot, type Snapshot } from "./snapshot.ts";

/** A place in one particular log: the epoch says in which. */
export interface Position {
  readonly epoch: string;
  readonly snapshot: Snapshot;
}

export function formatPosition(epoch: string, snapshot: Snapshot): string {
  return `${epoch}/${formatSnapshot(snapshot)}`;
}

/** @returns undefined for anything else; the log then has no answer but a gap. */
export function parsePosition(text: string | null): Position | undefined {
  const [epoch, rest, ...more] = text?.split("/") ?? [];
  if (epoch === undefined || rest === undefined || more.length > 0) return undefined;
  const snapshot = parseSnapshot(rest);
  return snapshot && { epoch, snapshot };
}

/** Reads a snapshot Postgres itself has just written. */
export function trustedSnapshot(text: string): Snapshot {
  const snapshot = parseSnapshot(text);
  if (snapshot === undefined) throw new TypeError(`Postgres wrote the snapshot "${text}".`);
  return snapshot;
}
