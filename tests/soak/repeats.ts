/** Somebody whose queries read, and by whom each read can be counted. */
export interface Reader {
  readonly reads: readonly unknown[];
  readonly fetches: () => number;
}

export interface Greed<R extends Reader> {
  readonly reader: R;
  /** After how many repeats it was noticed. */
  readonly repeats: number;
}

/** Of one query, for all repeats together. */
const allowedReads = 2;
const mostRepeats = 5;

/**
 * I5: what was delivered before, delivered again in another order, until it costs nothing. What a tab only
 * knew from catch-up may cost a query one read and a trailing one. A frame that is late, or the relay's own
 * echo, may cost them in a later repeat than the first; in all they are as many, and then there are none.
 *
 * @param repeat delivers all again and resolves when nobody reads any more; with what else is wrong by then
 * @returns what was wrong, or who read more than that; two empty lists where repeats cost nothing in the end
 */
export async function repeatUntilFree<R extends Reader>(
  readers: readonly R[],
  repeat: () => Promise<readonly string[]>,
): Promise<{ readonly problems: readonly string[]; readonly greedy: readonly Greed<R>[] }> {
  const before = readers.map(({ fetches }) => fetches());
  const readsOf = (index: number) => (readers[index]?.fetches() ?? 0) - (before[index] ?? 0);
  const total = () => readers.reduce((sum, _, index) => sum + readsOf(index), 0);
  for (let repeats = 1; ; repeats += 1) {
    const known = total();
    const problems = await repeat();
    const isFree = total() === known;
    const isEndless = !isFree && repeats === mostRepeats;
    const greedy = readers
      .filter((reader, index) => {
        const reads = readsOf(index);
        return reads > reader.reads.length * allowedReads || (isEndless && reads > 0);
      })
      .map((reader) => ({ reader, repeats }));
    if (isFree || problems.length > 0 || greedy.length > 0) return { problems, greedy };
  }
}
