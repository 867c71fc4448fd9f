import { type Clock, monotonicClock } from "../protocol/clock.ts";

/** Identifies reads that may share one result. */
export interface SharedReadKey {
  /** Identifies the data: the name of the route and its parameters. */
  readonly resource: string;
  /**
   * Identifies the rights that the read **runs with**: `"public"` for a read without a user, the user's id for any
   * other. A read that runs with one viewer's rights under a scope of several viewers leaks data to the others.
   */
  readonly scope: string;
}

/**
 * Runs `read`, or joins a read with the same key that is scheduled and has not begun. Resolves and rejects as that
 * read does.
 */
export type SharedRead<Value> = (key: SharedReadKey, read: () => Promise<Value>) => Promise<Value>;

/** Options of {@link createSharedRead}. */
export interface SharedReadOptions {
  /** Minimum time between the starts of two reads of one key, in ms. Default 100. */
  readonly windowMs?: number;
  /** Default: the system clock. */
  readonly clock?: Clock;
}

interface ScheduledRead<Value> {
  readonly answer: Promise<Value>;
  start(): void;
}

/**
 * Coalesces concurrent reads of the same data:
 *
 * ```ts
 * const shared = createSharedRead<string>();
 * const body = await shared({ resource: `comments ${pageId}`, scope: "public" }, async () =>
 *   JSON.stringify(await readAsNobody((tx) => listComments(tx, pageId))),
 * );
 * ```
 *
 * After a signal all viewers of a page refetch at once. The first request schedules a read for the next turn of the
 * event loop; requests that arrive before it begins share it, later ones share the next read. Reads of one key never
 * overlap and begin at least `windowMs` apart: a thousand viewers cost one read and one trailing read, and many
 * signals cost one read per window.
 *
 * Each request receives the result of **a read that began after the request arrived**. A signal is sent after its
 * commit and the request follows the signal, so the read sees the change. This requires that `read` queries the
 * primary database, not a replica that may lag.
 *
 * Return what is sent, e.g. JSON text, so that it is serialised once. Give `read` a time limit: a read that never
 * ends blocks later reads of its key. Unused keys take no memory.
 */
export function createSharedRead<Value>({
  windowMs = 100,
  clock = monotonicClock,
}: SharedReadOptions = {}): SharedRead<Value> {
  /** For each key in use the scheduled read that has not begun, if any. */
  const queues = new Map<string, { next: ScheduledRead<Value> | undefined }>();
  const pause = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));

  const serve = async (name: string, queue: { next: ScheduledRead<Value> | undefined }) => {
    await pause(0);
    while (queue.next !== undefined) {
      const read = queue.next;
      queue.next = undefined; // later requests share the next read
      read.start();
      await Promise.allSettled([read.answer, pause(windowMs)]);
    }
    queues.delete(name);
  };

  return ({ resource, scope }, read) => {
    const name = JSON.stringify([resource, scope]);
    let queue = queues.get(name);
    if (queue === undefined) {
      queue = { next: undefined };
      queues.set(name, queue);
      void serve(name, queue);
    }
    queue.next ??= scheduleRead(read);
    return queue.next.answer;
  };
}

function scheduleRead<Value>(read: () => Promise<Value>): ScheduledRead<Value> {
  let start = () => {};
  const answer = new Promise<void>((resolve) => {
    start = resolve;
  }).then(read);
  return { answer, start: () => start() };
}
