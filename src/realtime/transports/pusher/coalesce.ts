/** An event of the broker's HTTP API. */
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

/** The events of one `push`. It settles when all of them are accepted, or with the first failure. */
interface Job {
  remaining: number;
  failed: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** One channel that has events to send, or events in flight. */
interface ChannelQueue {
  readonly channel: string;
  /** Waiting events, oldest first. */
  entries: Entry[];
  isInFlight: boolean;
}

interface Entry {
  readonly event: BrokerEvent;
  readonly job: Job;
}

interface Batch {
  readonly entries: readonly Entry[];
  readonly queues: readonly ChannelQueue[];
}

/**
 * Combines the events of many callers into full batches. While nothing is in flight, an event is sent at once.
 * Events that arrive during a call go into the next batch.
 *
 * A channel is in at most one batch in flight, which keeps its order. When a batch fails, the other events of its
 * callers are dropped: otherwise they would arrive before the events that the caller sends again.
 */
export function createCoalescer({ send, batchSize, concurrency }: CoalescerOptions) {
  const queues = new Map<string, ChannelQueue>();
  /** Queues with waiting events and nothing in flight. The queue that waited longest is first. */
  const ready: ChannelQueue[] = [];
  /** Waiting events of all queues. */
  let waitingCount = 0;
  let inFlight = 0;
  let scheduled = false;

  const queueOf = (channel: string): ChannelQueue => {
    let queue = queues.get(channel);
    if (queue === undefined) {
      queue = { channel, entries: [], isInFlight: false };
      queues.set(channel, queue);
    }
    return queue;
  };

  const dropFailed = (queue: ChannelQueue) => {
    if (!queue.entries.some(({ job }) => job.failed)) return;
    const wanted = queue.entries.filter(({ job }) => !job.failed);
    waitingCount -= queue.entries.length - wanted.length;
    queue.entries = wanted;
  };

  const takeBatch = (): Batch => {
    const batch = { entries: [] as Entry[], queues: [] as ChannelQueue[] };
    while (batch.entries.length < batchSize) {
      const queue = ready.shift();
      if (queue === undefined) break;
      dropFailed(queue);
      if (queue.entries.length === 0) {
        queues.delete(queue.channel);
        continue;
      }
      const taken = queue.entries.splice(0, batchSize - batch.entries.length);
      waitingCount -= taken.length;
      queue.isInFlight = true;
      batch.queues.push(queue);
      batch.entries.push(...taken);
    }
    return batch;
  };

  const sendBatch = async ({ entries, queues: taken }: Batch) => {
    inFlight += 1;
    try {
      await send(entries.map(({ event }) => event));
      for (const { job } of entries) settle(job);
    } catch (error) {
      for (const { job } of entries) fail(job, error);
    }
    inFlight -= 1;
    for (const queue of taken) release(queue);
    schedule();
  };

  const release = (queue: ChannelQueue) => {
    queue.isInFlight = false;
    dropFailed(queue);
    if (queue.entries.length > 0) ready.push(queue);
    else queues.delete(queue.channel);
  };

  const pump = () => {
    scheduled = false;
    while (mayStart()) {
      const batch = takeBatch();
      if (batch.entries.length > 0) void sendBatch(batch);
    }
  };

  // A batch that is not full is sent only while fewer than two are in flight. Under load it waits for more
  // events: a call costs the broker and this process more than the events in it.
  const mayStart = () =>
    ready.length > 0 &&
    inFlight < (waitingCount < batchSize ? Math.min(2, concurrency) : concurrency);

  // Runs after all promises that are settled now, so that callers which send together share a batch, and so do
  // callers which send again when their last batch was accepted.
  const schedule = () => {
    if (scheduled || !mayStart()) return;
    scheduled = true;
    process.nextTick(pump);
  };

  return {
    /** Resolves when the broker accepted all events. Rejects with the first failure. */
    push: (events: readonly BrokerEvent[]): Promise<void> =>
      new Promise((resolve, reject) => {
        if (events.length === 0) return resolve();
        const job: Job = { remaining: events.length, failed: false, resolve, reject };
        waitingCount += events.length;
        for (const event of events) {
          const queue = queueOf(event.channel);
          queue.entries.push({ event, job });
          if (queue.entries.length === 1 && !queue.isInFlight) ready.push(queue);
        }
        schedule();
      }),
  };
}

function settle(job: Job): void {
  job.remaining -= 1;
  if (job.remaining === 0 && !job.failed) job.resolve();
}

function fail(job: Job, error: unknown): void {
  job.failed = true;
  job.reject(error);
}
