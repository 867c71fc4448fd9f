import type { Clock } from "../../protocol/clock.ts";
import { mergeSignals } from "../../protocol/merge-signals.ts";
import { encodeSignal, type Signal } from "../../protocol/signal.ts";
import { type EntityReads, entityIds } from "../../server/entities/entity-reads.ts";
import type { Delivery } from "../../server/ports.ts";
import { within } from "../../server/within.ts";
import { toFrame, toUpsertFrame } from "./frame.ts";

/** How long ids are collected before they are read. A continuous stream is read once per window. */
const windowMs = 16;
/** Time limit of a read. Viewers read by themselves after it. */
const readMs = 2_000;
const idsPerRead = 1_000;
/** Characters of the rows in one frame. Half of what a client may be behind by. */
const frameLength = 32 * 1024;
/** Ids of one merged signal. Viewers read by themselves when there are more. */
export const upsertsPerSignal = 10_000;

export interface UpsertsOptions {
  readonly entities: EntityReads;
  readonly clock: Clock;
  /** Whether a stream subscribes to the wire name. */
  readonly isWanted: (wireName: string) => boolean;
  readonly send: (wireName: string, frame: string) => void;
  /** Receives errors of reads. */
  readonly onError: (error: unknown) => void;
}

/** Reads the rows of entities for the streams of this process, and sends them in place of their ids. */
export interface Upserts {
  /**
   * Takes a signal of an entity, and every signal of its channel that follows while one waits, so that the order of
   * the channel is kept. Returns false when the signal is to be sent as it is.
   */
  take(wireName: string, delivery: Delivery): boolean;
  /** Drops everything that waits. */
  close(): void;
}

/** The JSON of rows by id. */
type Rows = ReadonlyMap<string, string>;

export function createUpserts(options: UpsertsOptions): Upserts {
  const { entities, clock, isWanted, send, onError } = options;
  /** The signals that wait, by wire name, while it is being read and sent. */
  const topics = new Map<string, Delivery[]>();
  const cancels = new Set<() => void>();

  const wait = (ms: number) =>
    new Promise<void>((resolve) => {
      const cancel = clock.after(ms, () => {
        cancels.delete(cancel);
        resolve();
      });
      cancels.add(cancel);
    });

  /**
   * The rows of these signals, by the name of the entity. An entity whose read fails is left out. Empty when the access
   * epoch has changed: the rows may be younger than the end of a right, and those who lost it still receive the old name.
   */
  const readRows = async (
    { channel, accessEpoch }: Delivery,
    signals: readonly Signal[],
  ): Promise<ReadonlyMap<string, Rows>> => {
    const idsByName = new Map<string, Set<string>>();
    for (const { name, ids } of signals) {
      const known = idsByName.get(name) ?? new Set();
      for (const id of entityIds(ids) ?? []) known.add(id);
      if (known.size > 0) idsByName.set(name, known);
    }
    const found = new Map<string, Rows>();
    for (const [name, ids] of idsByName) {
      const read = entities.find(channel, name);
      if (read === undefined) continue;
      try {
        found.set(name, await readInParts(clock, read, [...ids]));
      } catch (error) {
        onError(error);
      }
    }
    if (found.size === 0) return found;
    try {
      // Read after the rows, never before: an epoch only grows.
      const current = entities.accessEpoch(channel);
      const isCurrent = (await within(clock, readMs, "The access epoch", current)) === accessEpoch;
      return isCurrent ? found : new Map();
    } catch (error) {
      onError(error);
      return new Map();
    }
  };

  const sendAll = async (
    wireName: string,
    signals: readonly Signal[],
    found: ReadonlyMap<string, Rows>,
  ) => {
    const sent = new Set<string>();
    for (const signal of signals) {
      const data = encodeSignal(signal);
      const { name } = signal;
      const rows = rowsOf(signal, found.get(name));
      if (rows === undefined) {
        send(wireName, toFrame("signal", [wireName, name, data]));
        continue;
      }
      const fresh = [...rows].filter(([id]) => !sent.has(`${name} ${id}`));
      for (const [id] of fresh) sent.add(`${name} ${id}`);
      const parts = inParts(fresh.map(([, row]) => row));
      for (const part of parts.slice(0, -1)) {
        send(wireName, toUpsertFrame(wireName, name, "", part));
        // Otherwise a client that reads would count as slow.
        await wait(windowMs);
      }
      send(wireName, toUpsertFrame(wireName, name, data, parts.at(-1) ?? []));
    }
  };

  const run = async (wireName: string, waiting: Delivery[]) => {
    while (waiting.length > 0) {
      await wait(windowMs);
      const taken = waiting.splice(0);
      const [first] = taken;
      if (first === undefined || !isWanted(wireName)) continue;
      const signals = uniteNeighbours(taken.map(({ signal }) => signal));
      await sendAll(wireName, signals, await readRows(first, signals));
    }
    topics.delete(wireName);
  };

  return {
    take: (wireName, delivery) => {
      const waiting = topics.get(wireName);
      if (waiting !== undefined) {
        waiting.push(delivery);
        return true;
      }
      const isEntity = entities.find(delivery.channel, delivery.signal.name) !== undefined;
      if (!isEntity || !isWanted(wireName)) return false;
      const started = [delivery];
      topics.set(wireName, started);
      void run(wireName, started);
      return true;
    },
    close: () => {
      topics.clear();
      for (const cancel of cancels) cancel();
      cancels.clear();
    },
  };
}

/** Reads the rows of ids, at most `idsPerRead` at once. */
async function readInParts(
  clock: Clock,
  read: (ids: readonly string[]) => PromiseLike<ReadonlyMap<string, object>>,
  ids: readonly string[],
): Promise<Rows> {
  const rows = new Map<string, string>();
  for (let start = 0; start < ids.length; start += idsPerRead) {
    const part = read(ids.slice(start, start + idsPerRead));
    for (const [id, row] of await within(clock, readMs, "The read of an entity", part)) {
      rows.set(id, JSON.stringify(row));
    }
  }
  return rows;
}

/** The row of each id, in the order of the ids. Undefined when the signal names no rows, or one is missing. */
function rowsOf({ ids }: Signal, rows: Rows | undefined): Rows | undefined {
  const wanted = entityIds(ids);
  if (wanted === undefined || rows === undefined) return undefined;
  const found = wanted.flatMap((id) => {
    const row = rows.get(id);
    return row === undefined ? [] : [[id, row] as const];
  });
  return found.length === wanted.length ? new Map(found) : undefined;
}

/** Unites signals of one name that follow each other. Each signal names its predecessor, so the others stay apart. */
function uniteNeighbours(signals: readonly Signal[]): readonly Signal[] {
  const runs: Signal[][] = [];
  for (const signal of signals) {
    const run = runs.at(-1);
    if (run?.[0]?.name === signal.name) run.push(signal);
    else runs.push([signal]);
  }
  return runs.flatMap((run) => {
    const [united] = mergeSignals(run, upsertsPerSignal);
    return united === undefined
      ? []
      : [{ ...united, last: run.at(-1)?.last ?? united.last, after: run[0]?.after }];
  });
}

/** Divides the JSON of rows into frames. */
function inParts(texts: readonly string[]): readonly (readonly string[])[] {
  const parts: string[][] = [];
  let length = 0;
  for (const text of texts) {
    const part = parts.at(-1);
    if (part !== undefined && length + text.length <= frameLength) part.push(text);
    else {
      parts.push([text]);
      length = 0;
    }
    length += text.length;
  }
  return parts;
}
