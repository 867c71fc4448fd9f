"use client";

import { useQuery } from "@tanstack/react-query";
import { useMessages } from "querycast/react";
import { useState } from "react";
import { channels } from "@/channels/index.ts";
import { cn } from "@/lib/cn.ts";
import { count } from "@/lib/text/text.ts";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { Link } from "@/ui/link.tsx";
import { importQuery } from "../queries.ts";
import type { Import, ImportedFile } from "../schema.ts";

/**
 * The progress of an import and its result. The result is what the page reads. Messages move the progress bar at once,
 * and make the page read at the end; when they are lost, the page reads every few seconds.
 */
export function ImportView({ importId }: { importId: string }) {
  const { data, error, refetch } = useQuery(importQuery(importId));
  const [told, setTold] = useState(0);
  useMessages(channels.import({ importId }), ({ type, fields }) => {
    if (type === "import.progressed") setTold(fields.done);
    else void refetch();
  });
  if (data === undefined) {
    return error === null ? (
      <SkeletonList label="Loading the import" rows={3} />
    ) : (
      <ReadFailed onRetry={refetch}>{error.message}</ReadFailed>
    );
  }
  const read = data.files.filter(({ state }) => state !== "waiting").length;
  return (
    <>
      {error !== null && (
        <ReadFailed onRetry={refetch}>The result may be out of date. {error.message}</ReadFailed>
      )}
      <ImportProgress {...data} done={Math.max(read, told)} />
      <ol className="mt-8 divide-y divide-rule border-y border-rule">
        {data.files.map((file) => (
          <FileResult key={file.id} file={file} />
        ))}
      </ol>
    </>
  );
}

function ImportProgress({ files, finishedAt, done }: Import & { readonly done: number }) {
  const total = files.length;
  const drafts = files.filter(({ state }) => state === "draft" || state === "removed").length;
  const failed = files.filter(({ state }) => state === "failed").length;
  const text =
    finishedAt === null
      ? `${done} of ${count(total, "file")} done`
      : `Finished: ${count(drafts, "draft")}, ${failed} failed`;
  const value = finishedAt === null ? done : total;
  return (
    <>
      <p id="import-progress" role="status" className="mb-2 text-sm font-semibold">
        {text}
      </p>
      <div
        role="progressbar"
        aria-labelledby="import-progress"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={value}
        className="h-2 overflow-hidden rounded-full bg-rule"
      >
        <div
          className="h-full bg-accent transition-[width] motion-reduce:transition-none"
          style={{ width: `${(100 * value) / Math.max(1, total)}%` }}
        />
      </div>
    </>
  );
}

const words: Readonly<Record<ImportedFile["state"], string>> = {
  waiting: "Waiting",
  draft: "Draft",
  removed: "Draft, deleted since",
  failed: "Failed",
};

function FileResult({ file: { name, state, articleId, title, note } }: { file: ImportedFile }) {
  return (
    <li className="flex flex-wrap items-baseline gap-x-4 gap-y-1 py-3">
      <span className="min-w-0 flex-1 basis-60 break-words">
        {articleId === null ? (
          <span className="font-semibold">{title || name}</span>
        ) : (
          <Link href={`/write/${articleId}`} className="font-semibold text-link">
            {title || name}
          </Link>
        )}
        {title !== "" && (
          <span className="block font-mono text-2xs break-all text-ink-faint">{name}</span>
        )}
        {note !== null && <span className="mt-1 block text-sm text-ink-soft">{note}</span>}
      </span>
      <span
        className={cn(
          "text-sm",
          state === "failed" ? "font-semibold text-danger" : "text-ink-soft",
        )}
      >
        {words[state]}
      </span>
    </li>
  );
}
