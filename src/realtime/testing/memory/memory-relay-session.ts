import type { Clock } from "../../protocol/clock.ts";
import { isEpochChanged, rowToFrame } from "../../protocol/epoch-changed.ts";
import type {
  Delivery,
  LogPage,
  RelayLog,
  RelaySession,
  RelaySessionHandlers,
} from "../../server/ports.ts";
import { formatPosition, parsePosition } from "./memory-since.ts";
import type { MemoryRow, MemoryStore } from "./memory-store.ts";

interface Open {
  readonly handlers: RelaySessionHandlers;
}

/** Sessions of relays on a memory log. At most one has the lease. */
export function createRelaySessions(
  store: MemoryStore,
  { clock, pageRows }: { readonly clock: Clock; readonly pageRows: number },
): RelayLog & { notify(): void; cut(): void } {
  const sessions = new Set<Open>();
  let leader: Open | undefined;

  const end = (session: Open): boolean => {
    if (leader === session) leader = undefined;
    return sessions.delete(session);
  };

  const open = async (handlers: RelaySessionHandlers): Promise<RelaySession> => {
    const session: Open = { handlers };
    sessions.add(session);
    const demandOpen = () => {
      if (!sessions.has(session)) throw new Error("The session of the memory log is closed.");
    };
    return {
      lead: async () => {
        demandOpen();
        leader ??= session;
        if (leader !== session) return undefined;
        store.relayed ??= formatPosition({ ...store, commits: store.floor });
        // A position saved before a restore is invalid: the relay starts from the current one.
        return parsePosition(store, store.relayed) === undefined
          ? formatPosition(store)
          : store.relayed;
      },
      isRestored: async () => {
        demandOpen();
        return store.relayed !== undefined && parsePosition(store, store.relayed) === undefined;
      },
      read: async (position) => {
        demandOpen();
        return readPage(store, position, { clock, pageRows });
      },
      heads: async (position, channels) => {
        demandOpen();
        const wanted = new Set(channels);
        const heads = youngest(store, position, ({ signal }) => !isEpochChanged(signal));
        return new Map(
          heads
            .filter(([channel]) => wanted.has(channel))
            .map(([channel, { signal }]) => [channel, signal.id]),
        );
      },
      recent: async (position, maxAgeMs) => {
        demandOpen();
        const sinceMs = clock.now() - maxAgeMs;
        // The last event on each former wire name is returned beside that on the current one.
        const formerName = ({ signal }: MemoryRow) =>
          isEpochChanged(signal) ? JSON.stringify(signal.ids) : "";
        return youngest(store, position, () => true, formerName)
          .filter(([, { committedAtMs }]) => committedAtMs >= sinceMs)
          .map(([, row]) => toDelivery(store, row));
      },
      // Not stored, because the memory log has no inspection.
      setAside: async () => demandOpen(),
      save: async (position) => {
        demandOpen();
        store.relayed = position;
      },
      sleep: async (durationMs) => {
        demandOpen();
        store.asleepUntilMs = clock.now() + durationMs;
      },
      wake: async () => {
        demandOpen();
        store.asleepUntilMs = 0;
      },
      beat: async () => {
        demandOpen();
        store.beatAtMs = clock.now();
      },
      prune: async (maxAgeMs) => {
        demandOpen();
        return prune(store, clock.now() - maxAgeMs);
      },
      close: async () => {
        end(session);
      },
    };
  };

  return {
    open,
    notify: () => {
      for (const { handlers } of sessions) handlers.notified();
    },
    cut: () => {
      for (const session of [...sessions]) if (end(session)) session.handlers.closed();
    },
  };
}

/** Reads whole transactions, so that a page may have more than `pageRows` rows. */
function readPage(
  store: MemoryStore,
  position: string,
  { clock, pageRows }: { readonly clock: Clock; readonly pageRows: number },
): LogPage {
  const seen = parsePosition(store, position);
  if (seen === undefined) throw new TypeError(`"${position}" is not a position of this log.`);
  const fresh = store.rows.filter(({ commit }) => commit > seen);
  const last = fresh[pageRows - 1]?.commit;
  const rows = last === undefined ? fresh : fresh.filter(({ commit }) => commit <= last);
  const [oldest] = rows;
  return {
    deliveries: rows.map((row) => toDelivery(store, row)),
    lagMs: oldest === undefined ? 0 : clock.now() - oldest.committedAtMs,
    position: formatPosition({ ...store, commits: last ?? store.commits }),
    more: last !== undefined,
    // Writers check `asleepUntilMs` on commit, so that no commit misses the wake signal.
    quiet: store.asleepUntilMs > clock.now(),
  };
}

function toDelivery(store: MemoryStore, { channel, signal }: MemoryRow): Delivery {
  return { channel, ...rowToFrame(signal, store.accessEpochs.get(channel) ?? 0) };
}

/** The last row before a position, by channel and by the result of `apart`. */
function youngest(
  store: MemoryStore,
  position: string,
  counts: (row: MemoryRow) => boolean,
  apart: (row: MemoryRow) => string = () => "",
): readonly (readonly [string, MemoryRow])[] {
  const seen = parsePosition(store, position) ?? 0;
  const rows = store.rows.filter((row) => row.commit <= seen && counts(row));
  const last = new Map(rows.map((row) => [`${row.channel} ${apart(row)}`, row]));
  return [...last.values()].map((row) => [row.channel, row]);
}

function prune(store: MemoryStore, olderThanMs: number): number {
  const relayed = parsePosition(store, store.relayed ?? null) ?? 0;
  const isGone = (row: MemoryRow) => row.commit <= relayed && row.committedAtMs <= olderThanMs;
  const gone = store.rows.filter(isGone);
  store.rows = store.rows.filter((row) => !isGone(row));
  store.floor = gone.at(-1)?.commit ?? store.floor;
  return gone.length;
}
