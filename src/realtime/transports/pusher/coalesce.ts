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
interface Lane {
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
  readonly lanes: readonly Lane[];
}

/**
 * Combines the events of many callers into full batches. While nothing is in flight, an event is sent at once.
 * Events that arrive during a call go into the next batch.
 *
 * A channel is in at most one batch in flight, which keeps its order. When a batch fails, the other events of its
 * callers are dropped: otherwise they would arrive before the events that the caller sends again.
 */
export function createCoalescer({ send, batchSize, concurrency }: CoalescerOptions) {
  const lanes = new Map<string, Lane>();
  /** Lanes with waiting events and nothing in flight. The lane that waited longest is first. */
  const ready: Lane[] = [];
  /** Waiting events of all lanes. */
  let waitingCount = 0;
  let inFlight = 0;
  let scheduled = false;

  const laneOf = (channel: string): Lane => {
    let lane = lanes.get(channel);
    if (lane === undefined) {
      lane = { channel, entries: [], isInFlight: false };
      lanes.set(channel, lane);
    }
    return lane;
  };

  const dropFailed = (lane: Lane) => {
    if (!lane.entries.some(({ job }) => job.failed)) return;
    const wanted = lane.entries.filter(({ job }) => !job.failed);
    waitingCount -= lane.entries.length - wanted.length;
    lane.entries = wanted;
  };

  const takeBatch = (): Batch => {
    const batch = { entries: [] as Entry[], lanes: [] as Lane[] };
    while (batch.entries.length < batchSize) {
      const lane = ready.shift();
      if (lane === undefined) break;
      dropFailed(lane);
      if (lane.entries.length === 0) {
        lanes.delete(lane.channel);
        continue;
      }
      const taken = lane.entries.splice(0, batchSize - batch.entries.length);
      waitingCount -= taken.length;
      lane.isInFlight = true;
      batch.lanes.push(lane);
      batch.entries.push(...taken);
    }
    return batch;
  };

  const sendBatch = async ({ entries, lanes: taken }: Batch) => {
    inFlight += 1;
    try {
      await send(entries.map(({ event }) => event));
      for (const { job } of entries) settle(job);
    } catch (error) {
      for (const { job } of entries) fail(job, error);
    }
    inFlight -= 1;
    for (const lane of taken) release(lane);
    schedule();
  };

  const release = (lane: Lane) => {
    lane.isInFlight = false;
    dropFailed(lane);
    if (lane.entries.length > 0) ready.push(lane);
    else lanes.delete(lane.channel);
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
          const lane = laneOf(event.channel);
          lane.entries.push({ event, job });
          if (lane.entries.length === 1 && !lane.isInFlight) ready.push(lane);
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
