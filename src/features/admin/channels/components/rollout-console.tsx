"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { count } from "@/lib/text/text.ts";
import { type Columns, DataTable } from "@/ui/data/data-table.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { Button } from "@/ui/forms/button.tsx";
import { Switch } from "@/ui/forms/switch.tsx";
import { Notice } from "@/ui/notice.tsx";
import { Modal } from "@/ui/overlays/modal.tsx";
import { rolloutQuery } from "../queries.ts";
import { ChannelBans } from "./channel-bans.tsx";
import { type ChannelRow, toRows } from "./channel-rows.ts";
import { StageForm } from "./stage-form.tsx";
import { optionWords, stageWords } from "./stage-words.ts";

/** What the sheet edits. With `switchTo` it opens with the preview of that change. */
interface Opened {
  readonly name: string;
  readonly switchTo?: "on" | "off";
}

/** A table of phases and channel kinds with a switch for each, a sheet that edits one, and the channel bans. */
export function RolloutConsole() {
  const { data, error, isPending, refetch } = useQuery(rolloutQuery);
  const [opened, setOpened] = useState<Opened | null>(null);
  const [saved, setSaved] = useState("");
  const columns = useMemo(() => {
    return columnsFor((next) => {
      setSaved("");
      setOpened(next);
    });
  }, []);
  if (isPending) return <SkeletonList label="Loading the rollout" />;
  if (data === undefined) {
    return <ReadFailed onRetry={refetch}>{error?.message}</ReadFailed>;
  }
  const rows = toRows(data);
  const edited = rows.find(({ name }) => name === opened?.name);
  return (
    <>
      {error && <Notice className="mb-4">{error.message} The list may be out of date.</Notice>}
      <DataTable
        caption="Phases and kinds of channels"
        columns={columns}
        rows={rows}
        idOf={({ name }) => name}
      />
      <div className="mt-2 flex flex-wrap justify-between gap-x-6 text-xs text-ink-faint">
        <p>
          {data.isCounted
            ? `${count(data.connections, "socket")} connected${data.countsOneProcess ? " to this server process. Subscriptions are those of this process, too." : ""}`
            : "The broker does not report subscriptions."}
        </p>
        <p role="status">{saved}</p>
      </div>
      {edited !== undefined && opened !== null && (
        <Modal
          role="dialog"
          title={`Edit ${edited.name}`}
          className="w-[30rem]"
          onClose={() => setOpened(null)}
        >
          <p className="mt-1 mb-5 text-sm text-ink-soft">{edited.data.join(", ")}</p>
          <StageForm
            row={edited}
            switchTo={opened.switchTo}
            onSaved={() => {
              setSaved(`Saved ${edited.name}.`);
              setOpened(null);
            }}
            onCancel={() => setOpened(null)}
          />
        </Modal>
      )}
      <ChannelBans bans={data.bans} names={data.names} />
    </>
  );
}

const columnsFor = (open: (next: Opened) => void): Columns<ChannelRow> => [
  {
    header: "On",
    id: "on",
    cell: ({ row: { original } }) => {
      const isOn = original.stage.status !== "off";
      return (
        <Switch
          label={`Live updates of ${original.name}`}
          isOn={isOn}
          onClick={() => open({ name: original.name, switchTo: isOn ? "off" : "on" })}
        />
      );
    },
  },
  {
    header: "Phase or kind",
    id: "name",
    cell: ({ row: { original } }) =>
      original.pattern === undefined ? (
        <span className="font-semibold first-letter:uppercase inline-block">{original.name}</span>
      ) : (
        <span className="font-mono text-xs font-semibold whitespace-nowrap">
          {original.pattern}
        </span>
      ),
  },
  {
    header: "Data",
    id: "data",
    cell: ({ row: { original } }) => {
      const data = original.data.join(", ");
      return (
        <span title={data} className="block w-48 truncate text-ink-soft lg:w-72">
          {data}
        </span>
      );
    },
  },
  {
    header: "Rollout",
    id: "rollout",
    cell: ({ row: { original } }) => (
      <span className="whitespace-nowrap">
        {stageWords(original.stage)}
        {!original.isSet && <span className="text-xs text-ink-faint"> (default)</span>}
      </span>
    ),
  },
  {
    header: "Audience and limits",
    id: "limits",
    cell: ({ row: { original } }) => limitWords(original),
  },
  {
    header: "Subscriptions",
    id: "subscriptions",
    cell: ({ row: { original } }) => original.subscriptions ?? "",
  },
  {
    header: () => <span className="sr-only">Edit</span>,
    id: "edit",
    cell: ({ row: { original } }) => (
      <Button look="bare" size="inline" onClick={() => open({ name: original.name })}>
        Edit<span className="sr-only"> {original.name}</span>
      </Button>
    ),
  },
];

function limitWords({ audience = "everyone", options = {} }: ChannelRow): string {
  const limits = optionWords(options);
  return [audience === "everyone" ? "" : `${audience} only`, limits]
    .filter((words) => words !== "")
    .join("; ");
}
