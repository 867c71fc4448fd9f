"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useId, useState } from "react";
import { cn } from "@/lib/cn.ts";
import { postJson } from "@/lib/http/fetch-json.ts";
import type { RenderedText } from "@/lib/rendering/rendered-text.ts";
import { Bar } from "@/ui/data/skeleton.tsx";
import { Notice } from "@/ui/notice.tsx";
import { RenderedProse } from "@/ui/rendered-text.tsx";
import type { ArticleText } from "../write/draft-schema.ts";

/** Delay after typing before the preview updates. */
const pauseMs = 300;

interface ArticlePreviewProps {
  readonly text: ArticleText;
  readonly className: string;
}

/** The article beside the editor, as readers will see it. */
export function ArticlePreview({ text, className }: ArticlePreviewProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={cn("min-w-0", className)}>
      <h2 id={id} className="label-caps mb-4 text-ink-faint">
        Preview
      </h2>
      <p className="font-serif text-2xl leading-tight font-medium tracking-tight">
        {text.title || "Untitled"}
      </p>
      {text.excerpt && (
        <p className="mt-3 font-serif text-lg text-ink-soft italic">{text.excerpt}</p>
      )}
      <BodyPreview body={text.body} />
    </section>
  );
}

/** The text, rendered by the server as for readers. */
function BodyPreview({ body }: { body: string }) {
  const text = useSettled(body);
  const { data, error, refetch } = useQuery({
    queryKey: ["preview", text],
    queryFn: ({ signal }) => postJson<RenderedText>("/api/preview", { text }, signal),
    enabled: text.trim() !== "",
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: 1,
  });
  if (body.trim() === "") return null;
  return (
    <>
      {error !== null && (
        <Notice role="status" className="mt-6">
          The preview could not be loaded. {error.message}{" "}
          <button type="button" className="text-link" onClick={() => void refetch()}>
            Try again
          </button>
        </Notice>
      )}
      {data !== undefined && <RenderedProse text={data} className="mt-6" />}
      {data === undefined && error === null && <PreviewBars />}
    </>
  );
}

/** The value after it has not changed for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(setSettled, pauseMs, value);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

function PreviewBars() {
  return (
    <div className="mt-6 space-y-4">
      <Bar />
      <Bar className="w-11/12" />
      <Bar className="w-2/3" />
    </div>
  );
}
