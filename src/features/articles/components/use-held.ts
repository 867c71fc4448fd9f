"use client";

import { useEffect, useState } from "react";

interface Held<Row> {
  readonly shown: readonly Row[];
  /** Number of new rows that are held back. */
  readonly waiting: number;
  readonly showAll: () => void;
}

/**
 * Holds back new rows at the head of a list until they are requested, since they would move the text that
 * is being read. Changed, removed and appended rows show at once.
 */
export function useHeld<Row extends { readonly id: string }>(rows: readonly Row[]): Held<Row> {
  /** `null`: the next render shows all rows. */
  const [seen, setSeen] = useState<ReadonlySet<string> | null>(null);
  // When no row was seen before, it is another list.
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
