import type { Clock } from "../../protocol/clock.ts";
import { isEpochChanged } from "../../protocol/epoch-changed.ts";
import type { DeliveredPage, Delivery, LogPage } from "../ports.ts";

/** Returns the maximum number of frames per second for a channel name; undefined: no limit. */
export type FrameLimit = (channel: string) => number | undefined;

/**
 * Holds back signals above the limit of their channel; they merge into its next frame. Other channels do not
 * wait. The saved position is kept before the oldest signal that waits, so that a relay that crashes loses none.
 */
export interface FrameLimiter {
  /** Selects the signals to publish now, of those that wait and those of the page. Changes no state. */
  select(page: LogPage, limitOf: FrameLimit | undefined): Selection;
  /** Records that the selection was published as these frames. @returns what to save, when the position advances */
  published(
    selection: Selection,
    frames: readonly Delivery[],
    page: DeliveredPage,
  ): Noted | undefined;
  /**
   * Drops the signals that wait, to read them again: a revocation changes the epoch of their channel.
   *
   * @param position where reading would continue
   * @returns the position to read from instead
   */
  startOver(position: string): string;
  /** Milliseconds until a waiting signal may be published; `Infinity` while none waits. */
  dueInMs(): number;
}

export interface Selection {
  /** Signals to publish, in log order on each channel. */
  readonly selected: readonly Delivery[];
  /** The new queue of each channel whose queue changes. */
  readonly held: ReadonlyMap<string, readonly Waiting[]>;
  readonly limitOf: FrameLimit | undefined;
  /** End of the page. */
  readonly position: string;
}

export interface Noted {
  readonly position: string;
  readonly page: DeliveredPage;
}

interface Waiting {
  readonly delivery: Delivery;
  /** Number of the page that contained the signal. */
  readonly page: number;
}

export function createFrameLimiter(clock: Pick<Clock, "now">): FrameLimiter {
  const waiting = new Map<string, readonly Waiting[]>();
  /** Time of the next allowed frame of each channel. A missing channel may send now. */
  const freeAtMs = new Map<string, number>();
  /** Published pages after the saved position. */
  let passed: (Noted & { readonly number: number; readonly publishedAtMs: number })[] = [];
  let pages = 0;
  const isFree = (channel: string) => clock.now() >= (freeAtMs.get(channel) ?? 0);

  return {
    select: ({ deliveries, position }, limitOf) => {
      const held = new Map<string, readonly Waiting[]>();
      if (limitOf === undefined && waiting.size === 0) {
        return { selected: deliveries, held, limitOf, position };
      }
      const selected: Delivery[] = [];
      const arrived = new Map<string, Waiting[]>();
      for (const delivery of deliveries) {
        const { channel } = delivery;
        const isLimited = waiting.has(channel) || limitOf?.(channel) !== undefined;
        if (!isLimited || isEpochChanged(delivery.signal)) selected.push(delivery);
        if (!isLimited) continue;
        const queue = arrived.get(channel) ?? [];
        if (queue.push({ delivery, page: pages }) === 1) arrived.set(channel, queue);
      }
      for (const channel of new Set([...waiting.keys(), ...arrived.keys()])) {
        if (!arrived.has(channel) && !isFree(channel)) continue;
        const queue = onCurrentName([
          ...(waiting.get(channel) ?? []),
          ...(arrived.get(channel) ?? []),
        ]);
        const isHeld = toHold(queue, limitOf?.(channel), isFree(channel));
        for (const each of queue) if (!isHeld(each)) selected.push(each.delivery);
        held.set(channel, queue.filter(isHeld));
      }
      return { selected, held, limitOf, position };
    },
    published: ({ held, limitOf, position }, frames, page) => {
      const now = clock.now();
      const waited = [...held].some(([channel, { length }]) => length > 0 || waiting.has(channel));
      for (const [channel, queue] of held) {
        if (queue.length > 0) waiting.set(channel, queue);
        else waiting.delete(channel);
      }
      for (const [channel, atMs] of freeAtMs) if (atMs <= now) freeAtMs.delete(channel);
      for (const frame of frames) {
        const limit = isEpochChanged(frame.signal) ? undefined : limitOf?.(frame.channel);
        if (limit !== undefined) freeAtMs.set(frame.channel, now + 1000 / limit);
      }
      passed.push({ number: pages, position, page: { ...page, waited }, publishedAtMs: now });
      pages += 1;
      const oldest = least([...waiting.values()].map(([first]) => first?.page ?? pages));
      const through = passed.filter(({ number }) => number < oldest);
      passed = passed.slice(through.length);
      return unite(through, now);
    },
    startOver: (position) => {
      const from = passed[0]?.page.since ?? position;
      waiting.clear();
      passed = [];
      return from;
    },
    dueInMs: () => {
      const now = clock.now();
      const dueMs = [...waiting.keys()].map((channel) => (freeAtMs.get(channel) ?? now) - now);
      return Math.max(0, least(dueMs));
    },
  };
}

const least = (numbers: readonly number[]) => numbers.reduce((a, b) => Math.min(a, b), Infinity);

/**
 * Drops notices of a changed epoch, which are never held back, and signals of older epochs: nothing more is sent
 * under the old wire name, and clients that join the new name catch up from a later position.
 */
function onCurrentName(queue: readonly Waiting[]): readonly Waiting[] {
  const epoch = queue.reduce((highest, { delivery }) => {
    return Math.max(highest, delivery.accessEpoch + (isEpochChanged(delivery.signal) ? 1 : 0));
  }, 0);
  return queue.filter(
    ({ delivery }) => !isEpochChanged(delivery.signal) && delivery.accessEpoch >= epoch,
  );
}

/** A frame carries one signal name. Of several names, that of the oldest signal goes first. */
function toHold(
  queue: readonly Waiting[],
  limit: number | undefined,
  isFree: boolean,
): (each: Waiting) => boolean {
  if (limit === undefined) return () => false;
  if (!isFree) return () => true;
  const name = queue[0]?.delivery.signal.name;
  return ({ delivery }) => delivery.signal.name !== name;
}

/** Several pages that complete together are saved as one. */
function unite(
  pages: readonly (Noted & { readonly publishedAtMs: number })[],
  now: number,
): Noted | undefined {
  const [first, last] = [pages[0], pages.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const sum = (count: (page: DeliveredPage) => number) =>
    pages.reduce((total, { page }) => total + count(page), 0);
  return {
    position: last.position,
    page: {
      since: first.page.since,
      signals: sum(({ signals }) => signals),
      withheld: sum(({ withheld }) => withheld),
      frames: sum(({ frames }) => frames),
      attempts: pages.reduce((most, { page }) => Math.max(most, page.attempts), 1),
      tookMs: first.page.tookMs + (now - first.publishedAtMs),
      waited: pages.some(({ page }) => page.waited),
    },
  };
}
