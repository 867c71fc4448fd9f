"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { listedAtMost } from "@/lib/list-limits.ts";
import type { Names } from "@/lib/text/names.ts";
import { CutNote } from "@/ui/data/cut-note.tsx";
import { type Columns, DataTable } from "@/ui/data/data-table.tsx";
import { ChannelName } from "@/ui/data/id-name.tsx";
import { RelativeTime } from "@/ui/data/relative-time.tsx";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { SectionTitle } from "@/ui/frame/section-title.tsx";
import { Notice } from "@/ui/notice.tsx";
import { dropPoisonedAction, retryPoisonedAction } from "../actions.ts";
import { signalLogKeys } from "../keys.ts";
import { poisonedQuery } from "../queries.ts";
import type { PoisonedList as List, Poisoned } from "../schema.ts";

const none: List = { rows: [], names: {} };

const columnsFor = (names: Names): Columns<Poisoned> => [
  {
    header: "Failed",
    accessorKey: "setAsideAt",
    cell: ({ row }) => <RelativeTime at={row.original.setAsideAt} />,
  },
  {
    header: "Signal",
    accessorKey: "name",
    cell: ({ row }) => (
      <>
        <code className="font-mono text-xs break-all">{row.original.name}</code>
        <span className="block text-xs">
          <ChannelName name={row.original.channel} names={names} />
        </span>
      </>
    ),
  },
  { header: "Reason", accessorKey: "reason", enableSorting: false },
  { header: "Attempts", accessorKey: "attempts" },
  {
    header: "Actions",
    id: "decide",
    enableSorting: false,
    cell: ({ row }) => <Decide position={row.original.position} name={row.original.name} />,
  },
];

/** Signals whose content the broker refused. Pages on their channels refetched everything. */
export function PoisonedList() {
  const { data, error } = useQuery(poisonedQuery);
  const { rows: poisoned, names } = data ?? none;
  const columns = useMemo(() => columnsFor(names), [names]);
  if (poisoned.length === 0 && error === null) return null;
  return (
    <section className="mt-10">
      <SectionTitle className="mb-4">Failed</SectionTitle>
      {error && <Notice>{error.message}</Notice>}
      {poisoned.length > 0 && (
        <DataTable
          caption="Failed signals"
          columns={columns}
          rows={poisoned}
          idOf={({ position }) => position}
        />
      )}
      <CutNote rows={poisoned}>The newest {listedAtMost} failed signals are shown.</CutNote>
    </section>
  );
}

function Decide({ position, name }: { position: string; name: string }) {
  const queryClient = useQueryClient();
  const act = useMutation({
    mutationFn: (action: typeof retryPoisonedAction) =>
      unwrapAction((stamp) => action(stamp, { position })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: signalLogKeys.poisoned }),
  });
  return (
    <div className="flex flex-wrap gap-1.5">
      <ActionButton
        look="quiet"
        size="sm"
        aria-disabled={act.isPending}
        onClick={() => act.mutate(retryPoisonedAction)}
      >
        Send again<span className="sr-only"> {name}</span>
      </ActionButton>
      <ActionButton
        look="bare"
        size="sm"
        aria-disabled={act.isPending}
        onClick={() => act.mutate(dropPoisonedAction)}
      >
        Drop<span className="sr-only"> {name}</span>
      </ActionButton>
      {act.error && <Notice className="w-full">{act.error.message}</Notice>}
    </div>
  );
}
