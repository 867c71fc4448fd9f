/** A comment of a transaction that has begun. */
interface Written {
  readonly channel: string;
  state: "open" | "committing" | "committed" | "rolled-back";
  /** Around the commit: no viewer can read the row before the first, each one can after the second. */
  commitBeganMs: number;
  committedMs: number;
}

/** A period in which only the owner may read a page. */
interface Closed {
  readonly fromMs: number;
  toMs: number;
}

/** Records writes and received signals, and reports signals that a viewer must not receive. */
export interface Ledger {
  begin(commentId: string, channel: string): void;
  /** The transaction has done everything except its commit. */
  committing(commentId: string): void;
  committed(commentId: string): void;
  rolledBack(commentId: string): void;
  /** The transaction that made the page private has committed. */
  closed(channel: string, ownerId: string): void;
  /** Call before the transaction that makes the page public begins. */
  opening(channel: string): void;
  /** A viewer received a signal. `requestedMs`: time of the request for a replay, default now for a push. */
  received(viewerId: string, channel: string, data: unknown, requestedMs?: number): void;
  /** A page received rows of an entity, over a stream. */
  rowsReceived(count: number): void;
  readonly counts: () => { readonly signals: number; readonly rows: number };
  /** Empty when I2 and I3 hold. */
  readonly violations: () => readonly string[];
}

export function createLedger(now: () => number = () => performance.now()): Ledger {
  const rows = new Map<string, Written>();
  const closures = new Map<string, { readonly ownerId: string; readonly periods: Closed[] }>();
  const violations: string[] = [];
  let signals = 0;
  let rowsOfEntities = 0;

  const written = (commentId: string): Written => {
    const row = rows.get(commentId);
    if (row === undefined) throw new Error(`No transaction began to write comment ${commentId}.`);
    return row;
  };

  /** Whether write and receipt of the row lie in one period in which the viewer could not read it. */
  const isLeak = (viewerId: string, row: Written, requestedMs: number, receivedMs: number) => {
    const closure = closures.get(row.channel);
    if (closure === undefined || closure.ownerId === viewerId || row.state !== "committed") {
      return false;
    }
    return closure.periods.some(
      ({ fromMs, toMs }) =>
        row.commitBeganMs > fromMs &&
        row.committedMs < toMs &&
        requestedMs > fromMs &&
        receivedMs < toMs,
    );
  };

  return {
    begin: (commentId, channel) => {
      rows.set(commentId, { channel, state: "open", commitBeganMs: 0, committedMs: 0 });
    },
    committing: (commentId) => {
      Object.assign(written(commentId), { state: "committing", commitBeganMs: now() });
    },
    committed: (commentId) => {
      Object.assign(written(commentId), { state: "committed", committedMs: now() });
    },
    rolledBack: (commentId) => {
      written(commentId).state = "rolled-back";
    },
    closed: (channel, ownerId) => {
      const closure = closures.get(channel) ?? { ownerId, periods: [] };
      closures.set(channel, closure);
      closure.periods.push({ fromMs: now(), toMs: Number.POSITIVE_INFINITY });
    },
    opening: (channel) => {
      const last = closures.get(channel)?.periods.at(-1);
      if (last !== undefined) last.toMs = Math.min(last.toMs, now());
    },
    received: (viewerId, channel, data, requestedMs = now()) => {
      signals += 1;
      const report = (what: string) =>
        violations.push(`${what}: ${viewerId} received ${JSON.stringify(data)} on ${channel}`);
      if (channel.startsWith("user.") && channel !== `user.${viewerId}`) {
        report("I3 the channel of another user");
      }
      for (const commentId of commentsIn(data)) {
        const row = rows.get(commentId);
        if (row === undefined) continue;
        if (row.state === "rolled-back") report("I2 a row that was rolled back");
        if (row.state === "open") report("I2 a row before its commit");
        if (isLeak(viewerId, row, requestedMs, now())) report("I3 a row the viewer could not read");
      }
    },
    rowsReceived: (count) => {
      rowsOfEntities += count;
    },
    counts: () => ({ signals, rows: rowsOfEntities }),
    violations: () => violations,
  };
}

function commentsIn(data: unknown): readonly string[] {
  const parsed: unknown = typeof data === "string" ? JSON.parse(data) : data;
  const { ids } = parsed as { readonly ids?: readonly Record<string, unknown>[] };
  return (ids ?? []).flatMap(({ commentId }) => (typeof commentId === "string" ? [commentId] : []));
}
