/** A comment that somebody began to write. */
interface Written {
  readonly channel: string;
  state: "open" | "committing" | "committed" | "rolled-back";
  /** Around the commit: no reader saw it before the first, every reader after the second. */
  commitBeganMs: number;
  committedMs: number;
}

/** A time during which only the owner may read a page. */
interface Closed {
  readonly fromMs: number;
  toMs: number;
}

/** What was written, what was heard, and what nobody should have heard. */
export interface Ledger {
  begin(commentId: string, channel: string): void;
  /** Everything of the transaction is done but its commit. */
  committing(commentId: string): void;
  committed(commentId: string): void;
  rolledBack(commentId: string): void;
  /** Closed for everybody but its owner, from now on: its transaction is committed. */
  closed(channel: string, ownerId: string): void;
  /** To be called before the transaction that opens it begins. */
  opening(channel: string): void;
  /** A viewer got a signal; `askedMs` is when they asked, for an answer, and now for a push. */
  heard(viewerId: string, channel: string, data: unknown, askedMs?: number): void;
  readonly signalsHeard: () => number;
  /** I2 and I3, in words; empty when they hold. */
  readonly violations: () => readonly string[];
}

export function createLedger(now: () => number = () => performance.now()): Ledger {
  const rows = new Map<string, Written>();
  const closures = new Map<string, { readonly ownerId: string; readonly periods: Closed[] }>();
  const violations: string[] = [];
  let signals = 0;

  const written = (commentId: string): Written => {
    const row = rows.get(commentId);
    if (row === undefined) throw new Error(`Nobody began to write comment ${commentId}.`);
    return row;
  };

  /** True when row and hearing lie in one period in which the viewer could not have read it. */
  const isLeak = (viewerId: string, row: Written, askedMs: number, heardMs: number) => {
    const closure = closures.get(row.channel);
    if (closure === undefined || closure.ownerId === viewerId || row.state !== "committed") {
      return false;
    }
    return closure.periods.some(
      ({ fromMs, toMs }) =>
        row.commitBeganMs > fromMs && row.committedMs < toMs && askedMs > fromMs && heardMs < toMs,
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
    heard: (viewerId, channel, data, askedMs = now()) => {
      signals += 1;
      const accuse = (what: string) =>
        violations.push(`${what}: ${viewerId} heard ${JSON.stringify(data)} on ${channel}`);
      if (channel.startsWith("user.") && channel !== `user.${viewerId}`) {
        accuse("I3 somebody else's channel");
      }
      for (const commentId of commentsIn(data)) {
        const row = rows.get(commentId);
        if (row === undefined) continue;
        if (row.state === "rolled-back") accuse("I2 a row that was rolled back");
        if (row.state === "open") accuse("I2 a row before its commit");
        if (isLeak(viewerId, row, askedMs, now())) accuse("I3 a row they could not read");
      }
    },
    signalsHeard: () => signals,
    violations: () => violations,
  };
}

function commentsIn(data: unknown): readonly string[] {
  const parsed: unknown = typeof data === "string" ? JSON.parse(data) : data;
  const { ids } = parsed as { readonly ids?: readonly Record<string, unknown>[] };
  return (ids ?? []).flatMap(({ commentId }) => (typeof commentId === "string" ? [commentId] : []));
}
