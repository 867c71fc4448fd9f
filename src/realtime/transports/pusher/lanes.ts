/** An event as the broker's REST call takes it. */
export interface BrokerEvent {
  readonly channel: string;
  readonly name: string;
  readonly data: string;
}

export interface LanesOptions {
  /** Sends one batch; resolves when the broker accepted it. */
  readonly send: (events: readonly BrokerEvent[]) => Promise<void>;
  /** Events in one batch. */
  readonly batchSize: number;
  /** Batches in flight at once. */
  readonly lanes: number;
}

/** One caller's events: settled when all of them are. */
interface Job {
  remaining: number;
  failed: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Entry {
  readonly event: BrokerEvent;
  readonly job: Job;
}

/**
 * Gathers what many callers send into full batches, without making anyone wait for company: an idle
 * lane sends at once, and what arrives during its call goes into the next one.
 *
 * A channel always uses the same lane and a lane has one call in flight, so the order of a channel
 * holds. When a batch fails, the rest of its callers' events is dropped with it: delivered alone, it
 * would overtake the caller's next attempt.
 */
export function createLanes({ send, batchSize, lanes: count }: LanesOptions) {
  const lanes = Array.from({ length: count }, () => createLane(send, batchSize));
  return {
    /** Resolves when all events are accepted; rejects with the first failure. */
    push: (events: readonly BrokerEvent[]): Promise<void> =>
      new Promise((resolve, reject) => {
        if (events.length === 0) return resolve();
        const job: Job = { remaining: events.length, failed: false, resolve, reject };
        for (const event of events) lanes[laneOf(event.channel, count)]?.push({ event, job });
      }),
  };
}

function createLane(send: LanesOptions["send"], batchSize: number) {
  let waiting: Entry[] = [];
  let busy = false;

  const drain = async () => {
    // Callers of this very turn travel together.
    await Promise.resolve();
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchSize);
      waiting = waiting.slice(batchSize);
      try {
        await send(batch.map(({ event }) => event));
        for (const { job } of batch) settle(job);
      } catch (error) {
        for (const { job } of batch) {
          job.failed = true;
          job.reject(error);
        }
        waiting = waiting.filter(({ job }) => !job.failed);
      }
    }
    busy = false;
  };

  return {
    push: (entry: Entry): void => {
      if (entry.job.failed) return;
      waiting.push(entry);
      if (busy) return;
      busy = true;
      void drain();
    },
  };
}

function settle(job: Job): void {
  job.remaining -= 1;
  if (job.remaining === 0 && !job.failed) job.resolve();
}

/** FNV-1a: short, and even enough for names that differ in an id. */
function laneOf(channel: string, count: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < channel.length; index++) {
    hash = Math.imul(hash ^ channel.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % count;
}
