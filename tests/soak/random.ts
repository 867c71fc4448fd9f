import { createHash } from "node:crypto";

/** Seeded random numbers: the same seed and labels give the same sequence. */
export interface Random {
  /** Uniform in [0, 1). */
  readonly next: () => number;
  /** A whole number in [from, to]. */
  readonly between: (from: number, to: number) => number;
  readonly pick: <Item>(items: readonly Item[]) => Item;
  /** A random subset of at least one item, in the same order. */
  readonly some: <Item>(items: readonly Item[]) => readonly Item[];
  readonly chance: (probability: number) => boolean;
  readonly uuid: () => string;
}

/** Streams with different labels are independent: a further draw in one does not change another. */
export function createRandom(seed: number, ...labels: readonly (string | number)[]): Random {
  const digest = createHash("sha256")
    .update([seed, ...labels].join("/"))
    .digest();
  let state = digest.readUInt32LE(0);
  // mulberry32: small, and random enough to choose faults.
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[between(0, items.length - 1)];
    if (item === undefined) throw new RangeError("Cannot pick from an empty list.");
    return item;
  };
  const hex = (digits: number) => Array.from({ length: digits }, () => between(0, 15).toString(16));
  return {
    next,
    between,
    pick,
    some: (items) => {
      const chosen = items.filter(() => next() < 0.5);
      return chosen.length > 0 ? chosen : [pick(items)];
    },
    chance: (probability) => next() < probability,
    uuid: () =>
      [hex(8), hex(4), ["4", ...hex(3)], ["8", ...hex(3)], hex(12)]
        .map((digits) => digits.join(""))
        .join("-"),
  };
}
