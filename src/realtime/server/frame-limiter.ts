import { movedEvent } from "../protocol/moved.ts";
import type { Clock, DeliveredPage, Delivery, LogPage } from "./ports.ts";

/** How many frames a second a channel may hear, by its name; undefined: as many as there are. */
export type FrameLimit = (channel: string) => number | undefined;

/**
 * Holds back what is beyond the limit of its channel: it merges, and leaves with the next frame. Other
 * channels do not wait for it. The place in the log does: it moves up to the oldest signal that waits
 * and no further, so that a relay which dies loses none.
 */
export interface FrameLimiter {
  /** What may leave now, of what waits and of what was just read. Asking changes nothing. */
  turn(page: LogPage, limitOf: FrameLimit | undefined): Turn;
  /** All of a turn has left, as these frames. @returns what is to be noted, when the place moves */
  left(turn: Turn, frames: readonly Delivery[], page: DeliveredPage): Noted | undefined;
  /**
   * Forgets what waits: a right may end meanwhile, and its channel move.
   *
   * @param position where reading would go on
   * @returns where it does instead, so that all of that is read anew
   */
  startOver(position: string): string;
  /** Until something that waits may leave; `Infinity` while nothing waits. */
  dueInMs(): number;
}

export interface Turn {
  /** In log order on each channel. */
  readonly leaving: readonly Delivery[];
  /** What then waits, of each channel that is not as before. */
  readonly staying: ReadonlyMap<string, readonly Waiting[]>;
  readonly limitOf: FrameLimit | undefined;
  /** Where its page ends. */
  readonly position: string;
}

export interface Noted {
  readonly position: string;
  readonly page: DeliveredPage;
}

interface Waiting {
  readonly delivery: Delivery;
  /** Number of the turn it was read in. */
  readonly turn: number;
}

export function createFrameLimiter(clock: Pick<Clock, "now">): FrameLimiter {
  const waiting = new Map<string, readonly Waiting[]>();
  /** When a channel may hear its next frame. Those that may now need not be in it. */
  const freeAtMs = new Map<string, number>();
  /** Pages beyond the place that was noted last. */
  let passed: (Noted & { readonly turn: number; readonly leftAtMs: number })[] = [];
  let turns = 0;
  const isFree = (channel: string) => clock.now() >= (freeAtMs.get(channel) ?? 0);

  return {
    turn: ({ deliveries, position }, limitOf) => {
      const staying = new Map<string, readonly Waiting[]>();
      if (limitOf === undefined && waiting.size === 0) {
        return { leaving: deliveries, staying, limitOf, position };
      }
      const leaving: Delivery[] = [];
      const arrived = new Map<string, Waiting[]>();
      for (const delivery of deliveries) {
        const { channel } = delivery;
        const isLimited = waiting.has(channel) || limitOf?.(channel) !== undefined;
        if (!isLimited || isMoved(delivery)) leaving.push(delivery);
        if (!isLimited) continue;
        const company = arrived.get(channel) ?? [];
        if (company.push({ delivery, turn: turns }) === 1) arrived.set(channel, company);
      }
      for (const channel of new Set([...waiting.keys(), ...arrived.keys()])) {
        if (!arrived.has(channel) && !isFree(channel)) continue;
        const queue = onCurrentName([
          ...(waiting.get(channel) ?? []),
          ...(arrived.get(channel) ?? []),
        ]);
        const stays = whatStays(queue, limitOf?.(channel), isFree(channel));
        for (const each of queue) if (!stays(each)) leaving.push(each.delivery);
        staying.set(channel, queue.filter(stays));
      }
      return { leaving, staying, limitOf, position };
    },
    left: ({ staying, limitOf, position }, frames, page) => {
      const now = clock.now();
      const waited = [...staying].some(
        ([channel, { length }]) => length > 0 || waiting.has(channel),
      );
      for (const [channel, queue] of staying) {
        if (queue.length > 0) waiting.set(channel, queue);
        else waiting.delete(channel);
      }
      for (const [channel, atMs] of freeAtMs) if (atMs <= now) freeAtMs.delete(channel);
      for (const frame of frames) {
        const limit = isMoved(frame) ? undefined : limitOf?.(frame.channel);
        if (limit !== undefined) freeAtMs.set(frame.channel, now + 1000 / limit);
      }
      passed.push({ turn: turns, position, page: { ...page, waited }, leftAtMs: now });
      turns += 1;
      const oldest = least([...waiting.values()].map(([first]) => first?.turn ?? turns));
      const through = passed.filter(({ turn }) => turn < oldest);
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

const isMoved = ({ signal }: Delivery) => signal.name === movedEvent;
const least = (numbers: readonly number[]) => numbers.reduce((a, b) => Math.min(a, b), Infinity);

/**
 * Without the notices that a channel moved, which wait for nothing, and without what was read before: whoever
 * listens under the next name catches up from a later moment, and under the old one nothing more is said.
 */
function onCurrentName(queue: readonly Waiting[]): readonly Waiting[] {
  const epoch = queue.reduce((highest, { delivery }) => {
    return Math.max(highest, delivery.accessEpoch + (isMoved(delivery) ? 1 : 0));
  }, 0);
  return queue.filter(({ delivery }) => !isMoved(delivery) && delivery.accessEpoch >= epoch);
}

/** One frame has one name: where there are several, that of the oldest signal goes first. */
function whatStays(
  queue: readonly Waiting[],
  limit: number | undefined,
  isFree: boolean,
): (each: Waiting) => boolean {
  if (limit === undefined) return () => false;
  if (!isFree) return () => true;
  const name = queue[0]?.delivery.signal.name;
  return ({ delivery }) => delivery.signal.name !== name;
}

/** Several pages that are through together are noted as one. */
function unite(
  pages: readonly (Noted & { readonly leftAtMs: number })[],
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
      tookMs: first.page.tookMs + (now - first.leftAtMs),
      waited: pages.some(({ page }) => page.waited),
    },
  };
}
