import { isEpochChanged } from "../../protocol/epoch-changed.ts";
import { limits } from "../../protocol/limits.ts";
import { mergeSignals } from "../../protocol/merge-signals.ts";
import type { BehindRequest, Since, SinceRequest } from "../../server/ports.ts";
import type { MemoryStore } from "./memory-store.ts";

/** A position has the epoch of the log and the number of the last commit that was read. */
export function formatPosition({ epoch, commits }: { epoch: number; commits: number }): string {
  return `${epoch}/${commits}`;
}

/** @returns the commit of a position. Undefined for another log, or a position before pruned rows. */
export function parsePosition(store: MemoryStore, position: string | null): number | undefined {
  const [, epoch, commits] = /^(\d+)\/(\d+)$/.exec(position ?? "") ?? [];
  const seen = Number(commits);
  const isOurs = Number(epoch) === store.epoch && seen <= store.commits && seen >= store.floor;
  return isOurs ? seen : undefined;
}

export function memoryBehind(
  store: MemoryStore,
  requests: readonly BehindRequest[],
): ReadonlySet<string> {
  const isBehind = ({ channel, position, last }: BehindRequest) => {
    const seen = parsePosition(store, position);
    const youngest = store.rows.findLast((row) => row.channel === channel);
    if (seen === undefined) return true;
    return youngest !== undefined && youngest.commit > seen && youngest.signal.id !== last;
  };
  return new Set(requests.filter(isBehind).map(({ channel }) => channel));
}

export function memorySince(
  store: MemoryStore,
  requests: readonly SinceRequest[],
): ReadonlyMap<string, Since> {
  const position = formatPosition(store);
  const answer = (request: SinceRequest): Since => {
    const seen = parsePosition(store, request.position);
    const rows = store.rows.filter(
      ({ channel, signal }) => channel === request.channel && !isEpochChanged(signal),
    );
    const head = {
      accessEpoch: store.accessEpochs.get(request.channel) ?? 0,
      position,
      recent: rows.slice(-4).map(({ signal }) => signal.id),
    };
    if (seen === undefined) return { status: "gap", ...head };
    const missed = rows.filter(({ commit }) => commit > seen);
    if (missed.length === 0) return { status: "upToDate", ...head };
    const { replayAtMost = limits.replaySignals } = request;
    if (missed.length > Math.min(replayAtMost, limits.replaySignals))
      return { status: "gap", ...head };
    return { status: "replay", ...head, signals: mergeSignals(missed.map((row) => row.signal)) };
  };
  return new Map(requests.map((request) => [request.channel, answer(request)]));
}
