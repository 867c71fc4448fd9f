"use client";

import { useQuery } from "@tanstack/react-query";
import { useMessages } from "querycast/react";
import { channels } from "@/channels/index.ts";
import { LastRead } from "@/ui/data/last-read.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { draftQuery } from "../queries.ts";
import { ArticlePreview } from "./preview.tsx";

/** An article as readers will see it, as it was saved last. It follows the saves of the editor in another tab. */
export function PreviewView({ articleId }: { articleId: string }) {
  const { data, error, refetch, dataUpdatedAt } = useQuery(draftQuery(articleId));
  useMessages(channels.preview({ articleId }), () => void refetch());
  return (
    <>
      {error !== null && (
        <ReadFailed onRetry={refetch}>
          The preview could not be loaded, and may be out of date. {error.message}
        </ReadFailed>
      )}
      {data !== undefined && (
        <>
          <div className="mb-6 flex flex-wrap items-baseline gap-x-4 text-sm text-ink-soft">
            <p>This is the last saved text. It changes when the editor in another tab saves.</p>
            <LastRead atMs={dataUpdatedAt} />
          </div>
          <ArticlePreview text={data} className="max-w-[44rem]" />
        </>
      )}
    </>
  );
}
