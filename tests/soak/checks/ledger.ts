import type { Ending } from "../schedule/fault-schedule.ts";

/** What a transaction that has begun writes: a comment, a message of the chat, or a text of it. */
interface Written {
  readonly channel: string;
  state: "open" | "committing" | "committed" | "rolled-back";
  /** No viewer can read the row before. */
  commitBeganMs: number;
}

/** A period in which some viewers may not read what is written on a channel. */
interface Closed {
  readonly isFor: (viewerId: string) => boolean;
  readonly fromMs: number;
  toMs: number;
  /** The access epoch of the channel since then. */
  readonly epoch?: number;
}

/** How a viewer received a signal. */
export interface Receipt {
  /** The access epoch in the wire name of a push. */
  readonly epoch?: number | undefined;
  /** Time of the request for a replay. Default: now, for a push. */
  readonly requestedMs?: number;
  /** Rows of an entity, over a stream. */
  readonly rows?: readonly unknown[] | undefined;
}

/** Records writes and received signals, and reports signals that a viewer must not receive. */
export interface Ledger {
  /** @param id a comment, a message, or the text of a part of a message. Texts are unique. */
  begin(id: string, channel: string): void;
  /** The transaction has done everything except its commit. */
  committing(id: string): void;
  committed(id: string): void;
  rolledBack(id: string): void;
  /** The transaction that made the page private has committed. */
  closed(channel: string, ownerId: string): void;
  /** Call before the transaction that makes the page public begins. */
  opening(channel: string): void;
  /** The transaction that removed a member has committed. `epoch`: the access epoch of the channel since then. */
  removed(channel: string, viewerId: string, epoch: number): void;
  /** Call before the transaction that takes the person back begins. */
  returning(channel: string, viewerId: string): void;
  /** A viewer received a signal, or rows in its place. */
  received(viewerId: string, channel: string, data: unknown, how?: Receipt): void;
  readonly counts: () => {
    readonly signals: number;
    readonly rows: number;
    readonly removals: number;
  };
  /** Empty when I2 and I3 hold. */
  readonly violations: () => readonly string[];
}

export function createLedger(now: () => number = () => performance.now()): Ledger {
  const rows = new Map<string, Written>();
  const closures = new Map<string, Closed[]>();
  const violations: string[] = [];
  const counts = { signals: 0, rows: 0, removals: 0 };

  const written = (id: string): Written => {
    const row = rows.get(id);
    if (row === undefined) throw new Error(`No transaction began to write ${id}.`);
    return row;
  };
  const close = (channel: string, closed: Omit<Closed, "fromMs" | "toMs">) => {
    const known = closures.get(channel) ?? [];
    closures.set(channel, known);
    known.push({ ...closed, fromMs: now(), toMs: Number.POSITIVE_INFINITY });
  };
  const open = (channel: string, viewerId?: string) => {
    const last = closures
      .get(channel)
      ?.findLast(({ isFor }) => viewerId === undefined || isFor(viewerId));
    if (last !== undefined) last.toMs = Math.min(last.toMs, now());
  };
  /** The period in which a viewer who may not read the channel has requested and received something of it. */
  const closedTo = (viewerId: string, channel: string, requestedMs: number, receivedMs: number) =>
    closures
      .get(channel)
      ?.find(
        ({ isFor, fromMs, toMs }) => isFor(viewerId) && requestedMs > fromMs && receivedMs < toMs,
      );

  return {
    begin: (id, channel) => {
      rows.set(id, { channel, state: "open", commitBeganMs: 0 });
    },
    committing: (id) => {
      Object.assign(written(id), { state: "committing", commitBeganMs: now() });
    },
    committed: (id) => {
      written(id).state = "committed";
    },
    rolledBack: (id) => {
      written(id).state = "rolled-back";
    },
    closed: (channel, ownerId) => close(channel, { isFor: (viewerId) => viewerId !== ownerId }),
    opening: (channel) => open(channel),
    removed: (channel, viewerId, epoch) => {
      counts.removals += 1;
      close(channel, { isFor: (each) => each === viewerId, epoch });
    },
    returning: open,
    received: (viewerId, channel, data, { epoch, requestedMs = now(), rows: sent = [] } = {}) => {
      counts.signals += 1;
      counts.rows += sent.length;
      const receivedMs = now();
      const report = (what: string) => {
        const content = JSON.stringify({ data, rows: sent });
        violations.push(`${what}: ${viewerId} received ${content} on ${channel}`);
      };
      if (channel.startsWith("user.") && channel !== `user.${viewerId}`) {
        report("I3 the channel of another user");
      }
      const closed = closedTo(viewerId, channel, requestedMs, receivedMs);
      if (epoch !== undefined && closed?.epoch !== undefined && epoch >= closed.epoch) {
        report("I3 a wire name that was made when the viewer lost the right");
      }
      for (const id of [...idsIn(data), ...textsIn(sent)]) {
        const row = rows.get(id);
        if (row === undefined) continue;
        if (row.state === "rolled-back") report("I2 a row that was rolled back");
        if (row.state === "open") report("I2 a row before its commit");
        const period = closedTo(viewerId, row.channel, requestedMs, receivedMs);
        if (period !== undefined && row.commitBeganMs > period.fromMs) {
          report("I3 a row the viewer could not read");
        }
      }
    },
    counts: () => counts,
    violations: () => violations,
  };
}

/** Records the writes of a transaction, which calls `committing` after its last statement. */
export async function recordWrite(
  ledger: Ledger,
  { ids, channel, ending }: { ids: readonly string[]; channel: string; ending: Ending },
  transaction: (committing: () => void) => Promise<void>,
): Promise<void> {
  for (const id of ids) ledger.begin(id, channel);
  let isRolledBack = ending === "rollback";
  try {
    await transaction(() => {
      if (!isRolledBack) for (const id of ids) ledger.committing(id);
    });
  } catch (error) {
    isRolledBack = true;
    throw error;
  } finally {
    for (const id of ids) ledger[isRolledBack ? "rolledBack" : "committed"](id);
  }
}

/** The comments and messages that a signal names. */
function idsIn(data: unknown): readonly string[] {
  const parsed: unknown = typeof data === "string" ? JSON.parse(data) : data;
  const { ids } = parsed as { readonly ids?: readonly Record<string, unknown>[] };
  return (ids ?? [])
    .flatMap(({ commentId, messageId }) => [commentId, messageId])
    .filter((id) => typeof id === "string");
}

/** The texts in rows of the chat. */
function textsIn(sent: readonly unknown[]): readonly string[] {
  return sent
    .map((row) => (row as { readonly text?: unknown }).text)
    .filter((text) => typeof text === "string");
}
