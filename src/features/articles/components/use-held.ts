"use client";

import { useEffect, useState } from "react";

interface Held<Row> {
  readonly shown: readonly Row[];
  /** How many have arrived before what is shown, and wait. */
  readonly waiting: number;
  readonly showAll: () => void;
}

/**
 * Holds back what arrives at the head of a list, where it would push down what somebody reads, until it
 * is asked for. What changes, goes, or is appended shows at once.
 */
export function useHeld<Row extends { readonly id: string }>(rows: readonly Row[]): Held<Row> {
  /** `null`: everything there is with the next render. */
  const [seen, setSeen] = useState<ReadonlySet<string> | null>(null);
  // When nothing of the list was seen before, it is another list.
  const waiting =
    seen === null
      ? 0
      : Math.max(
          0,
          rows.findIndex(({ id }) => seen.has(id)),
        );
  const shown = rows.slice(waiting);

  useEffect(() => {
    const ids = rows.slice(waiting).map(({ id }) => id);
    setSeen((before) =>
      before !== null && ids.every((id) => before.has(id))
        ? before
        : new Set([...(before ?? []), ...ids]),
    );
  }, [rows, waiting]);

  return { shown, waiting, showAll: () => setSeen(null) };
}
