import type { Signal } from "../../protocol/signal.ts";

/** How long a frame may arrive after its successor before it counts as lost. */
export const reorderMs = 100;

/** The order of a channel's frames, of which each has the id of its predecessor. */
export interface FrameOrder {
  /** Id of the youngest signal that arrived live. */
  last?: string;
  /** Frames that arrived before their predecessor, or while others were missing: id of the predecessor to their own. */
  readonly early: Map<string, string>;
}

/** Records a frame. Returns whether frames before it may be missing. */
export function recordFrame(
  order: FrameOrder,
  { id, after, last = id }: Signal,
  isSeen: (id: string) => boolean,
): boolean {
  const { early } = order;
  // A frame without an id is a part of the next one, or forged.
  if (id === "" || isSeen(id)) return false;
  // While signals are missing, the frame that arrives last is not always the youngest.
  if (early.size === 0 || after === order.last) {
    let next: string | undefined = last;
    while (next !== undefined) {
      order.last = next;
      next = early.get(next);
      // Each link is followed once, so that forged links in a circle end.
      early.delete(order.last);
    }
  }
  if (after === undefined || (early.size === 0 && isSeen(after))) return false;
  early.set(after, last);
  return true;
}

/** Returns whether frames are still missing, and forgets those that were. */
export function takeMissing({ early }: FrameOrder, isSeen: (id: string) => boolean): boolean {
  const isMissing = [...early.keys()].some((id) => !isSeen(id));
  early.clear();
  return isMissing;
}
