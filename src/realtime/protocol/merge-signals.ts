import type { Ids } from "./ids.ts";
import { mostIds, type Signal } from "./signal.ts";

/**
 * Merges the signals of one channel that have the same name, in the order in which the names first appear.
 * Equal ids are listed once. If one signal has no ids, the merged signal has none. The origin is kept only
 * if all signals share it, because a tab may hold back only changes that it made itself.
 *
 * @param idsAtMost a signal with more ids has none. Default: those that fit into a frame.
 */
export function mergeSignals(
  signals: readonly Signal[],
  idsAtMost: number = mostIds,
): readonly Signal[] {
  if (signals.length < 2) return signals;
  const byName = new Map<string, Signal[]>();
  for (const signal of signals) {
    const sameName = byName.get(signal.name);
    if (sameName === undefined) byName.set(signal.name, [signal]);
    else sameName.push(signal);
  }
  return [...byName.values()].map((sameName) => unite(sameName, idsAtMost));
}

function unite(signals: readonly Signal[], idsAtMost: number): Signal {
  const [first, ...rest] = signals as readonly [Signal, ...Signal[]];
  if (rest.length === 0) return first;
  return {
    id: uniteSignalIds(signals),
    name: first.name,
    ids: uniteIds(signals, idsAtMost),
    origin: rest.every((signal) => signal.origin === first.origin) ? first.origin : undefined,
    last: rest.at(-1)?.id,
  };
}

function uniteIds(signals: readonly Signal[], idsAtMost: number): readonly Ids[] | undefined {
  const distinct = new Map<string, Ids>();
  for (const { ids } of signals) {
    // Stops at a list that is too long, to save the work under load.
    if (ids === undefined || distinct.size > idsAtMost) return undefined;
    for (const each of ids) distinct.set(JSON.stringify(each), each);
  }
  return [...distinct.values()];
}

/**
 * The id of a merged signal is the exclusive or of the hexadecimal ids of its parts: it depends on the set
 * of parts and not on their order. A reader that has seen the id has therefore seen all parts, and a
 * reader that has seen only some of them does not know the id.
 */
function uniteSignalIds(signals: readonly Signal[]): string {
  const width = Math.max(...signals.map(({ id }) => id.length));
  const combined = signals.reduce((sum, { id }) => sum ^ BigInt(`0x${id}`), 0n);
  return combined.toString(16).padStart(width, "0");
}
