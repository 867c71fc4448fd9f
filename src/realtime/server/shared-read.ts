import { systemClock } from "./clock.ts";
import type { Clock } from "./ports.ts";

/** What is read, and for whom. */
export interface SharedReadKey {
  /** Whatever tells one read from another: the name of the route and its parameters. */
  readonly resource: string;
  /**
   * Whose eyes it is read with. Two viewers have one scope only if the read is **run with** rights that
   * both have: `"public"` for what is read as nobody, the user's id for anything else. A read that runs
   * with the rights of one viewer under a scope of several shows the others what is not theirs.
   */
  readonly scope: string;
}

/**
 * Runs `read`, or waits for one under the same key that somebody else has asked for and that has not
 * begun. Resolves and rejects as that read does.
 */
export type SharedRead<Value> = (key: SharedReadKey, read: () => Promise<Value>) => Promise<Value>;

export interface SharedReadOptions {
  /** Least time between the starts of two reads of one key, in ms. Default 100. */
  readonly windowMs?: number;
  /** Default: the time of this machine. */
  readonly clock?: Clock;
}

interface Flight<Value> {
  readonly answer: Promise<Value>;
  start(): void;
}

/**
 * One read for everybody who asks for the same at the same time:
 *
 * ```ts
 * const shared = createSharedRead<string>();
 * const body = await shared({ resource: `comments ${pageId}`, scope: "public" }, async () =>
 *   JSON.stringify(await readAsNobody((tx) => listComments(tx, pageId))),
 * );
 * ```
 *
 * After a signal all viewers of a page ask at once. The first of them is answered by a read that begins
 * with the next turn of the event loop, and so is everybody who comes before it begins; who comes later
 * waits for the next one. Reads of one key never overlap and begin at least `windowMs` apart: a thousand
 * viewers cost one read and one trailing read, and a storm of signals one read per window. A browser
 * that has one fetch of a query under way at a time is slowed to that pace by itself.
 *
 * A request is **only ever answered by a read that began after the request had arrived**. Signals leave
 * after their commit and requests follow signals, so the read sees what the signal was about; nothing
 * about the signal has to be told. That holds as long as `read` asks the database that was written to,
 * and not a replica that lags behind.
 *
 * Let `read` return what is sent, e.g. JSON text, and it is also serialised once. Give it a time limit:
 * one that never ends holds up those that would follow. Keys nobody asks for are forgotten.
 */
export function createSharedRead<Value>({
  windowMs = 100,
  clock = systemClock,
}: SharedReadOptions = {}): SharedRead<Value> {
  /** For each key in use the flight that has not begun, if anybody waits for one. */
  const lanes = new Map<string, { next: Flight<Value> | undefined }>();
  const pause = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));

  const serve = async (name: string, lane: { next: Flight<Value> | undefined }) => {
    await pause(0);
    while (lane.next !== undefined) {
      const flight = lane.next;
      lane.next = undefined; // from here on it is too late to join it
      flight.start();
      await Promise.allSettled([flight.answer, pause(windowMs)]);
    }
    lanes.delete(name);
  };

  return ({ resource, scope }, read) => {
    const name = JSON.stringify([resource, scope]);
    let lane = lanes.get(name);
    if (lane === undefined) {
      lane = { next: undefined };
      lanes.set(name, lane);
      void serve(name, lane);
    }
    lane.next ??= createFlight(read);
    return lane.next.answer;
  };
}

function createFlight<Value>(read: () => Promise<Value>): Flight<Value> {
  let start = () => {};
  const answer = new Promise<void>((resolve) => {
    start = resolve;
  }).then(read);
  return { answer, start: () => start() };
}
