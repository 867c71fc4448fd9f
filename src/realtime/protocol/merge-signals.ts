import type { Ids } from "./ids.ts";
import { limits } from "./limits.ts";
import type { Signal } from "./signal.ts";

/**
 * Unites signals of one channel by name, in the order of each name's first appearance. Ids are listed
 * once; one signal without ids makes the whole "anything". The origin survives only when all share it:
 * a tab may hold what it caused itself, nothing else.
 */
export function mergeSignals(signals: readonly Signal[]): readonly Signal[] {
  if (signals.length < 2) return signals;
  const byName = new Map<string, Signal[]>();
  for (const signal of signals) {
    const company = byName.get(signal.name);
    if (company === undefined) byName.set(signal.name, [signal]);
    else company.push(signal);
  }
  return [...byName.values()].map(unite);
}

function unite(signals: readonly Signal[]): Signal {
  const [first, ...rest] = signals as readonly [Signal, ...Signal[]];
  if (rest.length === 0) return first;
  return {
    id: uniteSignalIds(signals),
    name: first.name,
    ids: uniteIds(signals),
    origin: rest.every((signal) => signal.origin === first.origin) ? first.origin : undefined,
    last: rest.at(-1)?.id,
  };
}

/** More do not fit into a frame, however short they are: `{"aId":"1"},` has 12 characters. */
export const mostIds = Math.ceil(limits.signalBytes / 12);

function uniteIds(signals: readonly Signal[]): readonly Ids[] | undefined {
  const distinct = new Map<string, Ids>();
  for (const { ids } of signals) {
    // A list that will not fit is not even made: under load most of it would be thrown away.
    if (ids === undefined || distinct.size > mostIds) return undefined;
    for (const each of ids) distinct.set(JSON.stringify(each), each);
  }
  return [...distinct.values()];
}

/**
 * The id of a union is the exclusive or of its hexadecimal ids: the same set of signals has the same
 * id whoever merged it, and another set, one signal more or less, has another. A reader that knows the
 * id has therefore seen all of it, and one that knows only a part is never told "seen".
 */
function uniteSignalIds(signals: readonly Signal[]): string {
  const width = Math.max(...signals.map(({ id }) => id.length));
  const combined = signals.reduce((sum, { id }) => sum ^ BigInt(`0x${id}`), 0n);
  return combined.toString(16).padStart(width, "0");
}
