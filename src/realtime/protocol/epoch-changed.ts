import type { Signal } from "./signal.ts";

/**
 * Name of the notice that a channel's access epoch changed: the row in the log, and the last frame on the old wire
 * name. Clients then join again; the route gives the new wire name only to viewers who may still read. Every row and
 * frame of another name is a signal.
 */
export const epochChangedEvent = "querycast.moved";

/** Whether a row or frame is the notice. */
export function isEpochChanged({ name }: { readonly name: string }): boolean {
  return name === epochChangedEvent;
}

/** The frame of the notice. */
export function epochChangedFrame(id: string): Signal {
  return { id, name: epochChangedEvent, ids: undefined, origin: undefined };
}

/**
 * Returns what is delivered for a row of the log, and under which epoch: a signal under the current one, the notice
 * under the one that ended, which its row contains as `epochId`.
 */
export function rowToFrame(
  row: Signal,
  currentEpoch: number,
): { readonly accessEpoch: number; readonly signal: Signal } {
  return isEpochChanged(row)
    ? {
        accessEpoch: Number(row.ids?.[0]?.epochId ?? currentEpoch),
        signal: epochChangedFrame(row.id),
      }
    : { accessEpoch: currentEpoch, signal: row };
}
