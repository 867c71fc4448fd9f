"use client";

import {
  type ColumnDef,
  createSortedRowModel,
  type RowData,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { cn } from "@/lib/cn.ts";
import { ArrowDown } from "../icons.ts";
import { ArrowUp } from "../page-icons.ts";

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
});

export type Columns<Row extends RowData> = readonly ColumnDef<typeof features, Row>[];

interface DataTableProps<Row extends RowData> {
  /** Names the table for screen readers. */
  readonly caption: string;
  /** Must keep its identity between renders. */
  readonly columns: Columns<Row>;
  readonly rows: readonly Row[];
  readonly idOf: (row: Row) => string;
}

/** A table that sorts the loaded rows. A table wider than the page scrolls sideways. */
export function DataTable<Row extends RowData>({
  caption,
  columns,
  rows,
  idOf,
}: DataTableProps<Row>) {
  const table = useTable({
    features,
    columns: columns as ColumnDef<typeof features, Row>[],
    data: rows as Row[],
    getRowId: idOf,
  });
  return (
    // Relative, so that text for screen readers scrolls with the rows and does not widen the page.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls sideways is reachable by keyboard
    <section aria-label={caption} tabIndex={0} className="relative overflow-x-auto">
      <table className="w-full border-collapse text-left text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} className="border-b border-ink">
              {group.headers.map((header) => (
                <th
                  key={header.id}
                  scope="col"
                  aria-sort={ariaSort(header.column.getIsSorted())}
                  className="label-caps py-2 pr-5 align-bottom whitespace-nowrap"
                >
                  {header.column.getCanSort() ? (
                    <button
                      type="button"
                      onClick={header.column.getToggleSortingHandler()}
                      className="label-caps inline-flex items-center gap-1 hover:text-accent-strong"
                    >
                      <table.FlexRender header={header} />
                      <SortMark sorted={header.column.getIsSorted()} />
                    </button>
                  ) : (
                    <table.FlexRender header={header} />
                  )}
                </th>
              ))}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr key={row.id} className="border-b border-rule">
              {row.getAllCells().map((cell) => (
                <td key={cell.id} className="h-8 py-0.5 pr-5">
                  {/* Called, not used as a component: new columns would mount all cells again and lose the focus. */}
                  {typeof cell.column.columnDef.cell === "function"
                    ? cell.column.columnDef.cell(cell.getContext())
                    : cell.column.columnDef.cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const ariaSort = (sorted: false | "asc" | "desc") => {
  if (sorted === false) return undefined;
  return sorted === "asc" ? "ascending" : "descending";
};

function SortMark({ sorted }: { sorted: false | "asc" | "desc" }) {
  const Mark = sorted === "desc" ? ArrowDown : ArrowUp;
  return <Mark aria-hidden className={cn("size-3", sorted === false && "opacity-0")} />;
}
