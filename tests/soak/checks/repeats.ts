/** A reader whose reads are counted. */
export interface Reader {
  readonly reads: readonly unknown[];
  readonly fetches: () => number;
}

export interface ExcessiveReads<R extends Reader> {
  readonly reader: R;
  /** Number of repeats after which the reads exceeded the limit. */
  readonly repeats: number;
}

/** Per query, for all repeats together. */
const allowedReads = 2;
const mostRepeats = 5;

/**
 * I5: repeats earlier deliveries in another order until a repeat causes no read. A signal that a tab knows
 * only from catch-up may cause two reads of a query, one of them trailing. A late frame or a repeat by the
 * relay may cause these reads in a later repeat; the total stays the same.
 *
 * @param repeat repeats the deliveries and resolves with other problems when all reads are done
 * @returns the problems, and the readers with more reads than allowed; both empty when I5 holds
 */
export async function repeatUntilFree<R extends Reader>(
  readers: readonly R[],
  repeat: () => Promise<readonly string[]>,
): Promise<{
  readonly problems: readonly string[];
  readonly excessive: readonly ExcessiveReads<R>[];
}> {
  const before = readers.map(({ fetches }) => fetches());
  const readsOf = (index: number) => (readers[index]?.fetches() ?? 0) - (before[index] ?? 0);
  const total = () => readers.reduce((sum, _, index) => sum + readsOf(index), 0);
  for (let repeats = 1; ; repeats += 1) {
    const known = total();
    const problems = await repeat();
    const isFree = total() === known;
    const isEndless = !isFree && repeats === mostRepeats;
    const excessive = readers
      .filter((reader, index) => {
        const reads = readsOf(index);
        return reads > reader.reads.length * allowedReads || (isEndless && reads > 0);
      })
      .map((reader) => ({ reader, repeats }));
    if (isFree || problems.length > 0 || excessive.length > 0) return { problems, excessive };
  }
}
