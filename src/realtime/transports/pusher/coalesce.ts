/** An event as the broker's REST call takes it. */
export interface BrokerEvent {
  readonly channel: string;
  readonly name: string;
  readonly data: string;
}

export interface CoalescerOptions {
  /** Sends one batch; resolves when the broker accepted it. */
  readonly send: (events: readonly BrokerEvent[]) => Promise<void>;
  /** Events in one batch. */
  readonly batchSize: number;
  /** Batches in flight at once. */
  readonly concurrency: number;
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
 * Gathers what many callers send into full batches, without making anyone wait for company: while
 * nothing is in flight an event leaves at once, and what arrives during a call goes into the next.
 *
 * A channel is in one batch in flight at most, so its order holds. When a batch fails, the rest of its
 * callers' events is dropped with it: delivered alone, it would overtake the caller's next attempt.
 */
export function createCoalescer({ send, batchSize, concurrency }: CoalescerOptions) {
  /** What waits, by channel. A channel in flight has a list too, maybe an empty one. */
  const waiting = new Map<string, Entry[]>();
  /** Channels with something to send and nothing in flight, the one that waited longest first. */
  const ready: string[] = [];
  /** Events in all lists. */
  let waitingCount = 0;
  let inFlight = 0;
  let scheduled = false;

  const take = (): Entry[] => {
    const batch: Entry[] = [];
    while (batch.length < batchSize) {
      const channel = ready.shift();
      if (channel === undefined) break;
      const queue = waiting.get(channel) ?? [];
      const wanted = queue.filter(({ job }) => !job.failed);
      const taken = wanted.splice(0, batchSize - batch.length);
      waitingCount -= queue.length - wanted.length;
      batch.push(...taken);
      // A list left behind would be taken for a channel in flight, and never be looked at again.
      if (taken.length === 0) waiting.delete(channel);
      else waiting.set(channel, wanted);
    }
    return batch;
  };

  const sendBatch = async (batch: readonly Entry[]) => {
    inFlight += 1;
    try {
      await send(batch.map(({ event }) => event));
      for (const { job } of batch) settle(job);
    } catch (error) {
      for (const { job } of batch) fail(job, error);
    }
    inFlight -= 1;
    release(channelsOf(batch));
    schedule();
  };

  /** Nothing of these channels is in flight any more. */
  const release = (channels: Iterable<string>) => {
    for (const channel of channels) {
      const behind = waiting.get(channel) ?? [];
      const rest = behind.filter(({ job }) => !job.failed);
      waitingCount -= behind.length - rest.length;
      if (rest.length === 0) waiting.delete(channel);
      else {
        waiting.set(channel, rest);
        ready.push(channel);
      }
    }
  };

  const pump = () => {
    scheduled = false;
    while (mayStart()) {
      const batch = take();
      if (batch.length > 0) void sendBatch(batch);
    }
  };

  // A batch that is not full leaves only while the broker is nearly idle. Under load it waits for
  // company instead: calls cost the broker and us more than the events in them.
  const mayStart = () =>
    ready.length > 0 &&
    inFlight < (waitingCount < batchSize ? Math.min(2, concurrency) : concurrency);

  // Not within this turn: callers of one turn travel together, and so do those who send again when
  // their last batch is answered.
  const schedule = () => {
    if (scheduled || !mayStart()) return;
    scheduled = true;
    setImmediate(pump);
  };

  return {
    /** Resolves when all events are accepted; rejects with the first failure. */
    push: (events: readonly BrokerEvent[]): Promise<void> =>
      new Promise((resolve, reject) => {
        if (events.length === 0) return resolve();
        const job: Job = { remaining: events.length, failed: false, resolve, reject };
        waitingCount += events.length;
        for (const event of events) {
          const queue = waiting.get(event.channel);
          if (queue !== undefined) queue.push({ event, job });
          else {
            waiting.set(event.channel, [{ event, job }]);
            ready.push(event.channel);
          }
        }
        schedule();
      }),
  };
}

function channelsOf(entries: readonly Entry[]): Set<string> {
  return new Set(entries.map(({ event }) => event.channel));
}

function settle(job: Job): void {
  job.remaining -= 1;
  if (job.remaining === 0 && !job.failed) job.resolve();
}

function fail(job: Job, error: unknown): void {
  job.failed = true;
  job.reject(error);
}
