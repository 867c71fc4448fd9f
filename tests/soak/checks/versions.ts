import { hashKey, type QueryClient } from "@tanstack/react-query";
import type { Read } from "../people/reads.ts";

/** The parts of an entity's row by which versions are compared. */
export interface VersionedRow {
  readonly id: string;
  readonly version: number;
}

/**
 * I7: reports each row that a page shows in an older version than before, or not at all after it was shown. Rows of the
 * soak's chat are never deleted.
 *
 * @param canLose whether rows can disappear, because the viewer has lost the right to them. Default: never.
 */
export function createVersionWatch(report: (what: string) => void, canLose = () => false) {
  const shown = new Map<string, number>();
  return {
    saw: (read: string, rows: readonly VersionedRow[]) => {
      const now = new Map(rows.map(({ id, version }) => [id, version]));
      for (const [id, before] of shown) {
        const version = now.get(id);
        if (version === undefined) {
          if (!canLose()) report(`${read} no longer shows ${id}`);
        } else if (version < before) {
          report(`${read} shows version ${version} of ${id} after version ${before}`);
        }
      }
      for (const [id, version] of now) shown.set(id, Math.max(version, shown.get(id) ?? version));
    },
  };
}

/** Watches the rows that a page shows, after each change of its cache. Returns a function that ends it. */
export function watchVersions(
  queryClient: QueryClient,
  reads: readonly Read[],
  report: (what: string) => void,
): () => void {
  const watches = new Map(
    reads
      .filter(({ isRows }) => isRows)
      .map(({ name, queryKey, canLose }) => [
        hashKey(queryKey),
        { name, watch: createVersionWatch(report, canLose) },
      ]),
  );
  return queryClient.getQueryCache().subscribe((event) => {
    if (event.type !== "updated" || event.action.type !== "success") return;
    const { queryHash, state } = event.query;
    const found = watches.get(queryHash);
    found?.watch.saw(found.name, state.data as readonly VersionedRow[]);
  });
}
