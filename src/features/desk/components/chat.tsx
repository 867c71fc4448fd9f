"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { chatContentsQuery, chatMessagesQuery } from "../queries.ts";
import { MessageItem } from "./message-item.tsx";
import { SayForm } from "./say-form.tsx";
import { textsOf } from "./texts-of.ts";

interface ChatProps {
  readonly publicationId: string;
  readonly evidencePath: string;
}

/** The chat of a publication. Answers of the analyst grow while they are written. */
export function Chat({ publicationId, evidencePath }: ChatProps) {
  const messages = useQuery(chatMessagesQuery(publicationId));
  const contents = useQuery(chatContentsQuery(publicationId));
  const texts = useMemo(() => textsOf(contents.data ?? []), [contents.data]);
  const list = useFollowedEnd(texts);
  const isFailed = messages.isError || contents.isError;
  return (
    <section aria-label="Chat">
      {isFailed && (
        <ReadFailed onRetry={() => Promise.all([messages.refetch(), contents.refetch()])}>
          The chat could not be loaded.
        </ReadFailed>
      )}
      {messages.isPending && <SkeletonList label="The chat is loading" rows={3} />}
      {messages.data?.length === 0 && (
        <EmptyState title="No messages yet">
          Write the first one, or ask the analyst about the evidence of this publication.
        </EmptyState>
      )}
      {messages.data !== undefined && messages.data.length > 0 && (
        <ol
          ref={list}
          role="log"
          aria-label="Messages"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
          tabIndex={0}
          className="max-h-[60vh] divide-y divide-rule overflow-y-auto border-y border-rule px-1"
        >
          {messages.data.map((message) => (
            <MessageItem
              key={message.id}
              message={message}
              text={texts.get(message.id)}
              evidencePath={evidencePath}
            />
          ))}
        </ol>
      )}
      <SayForm publicationId={publicationId} />
    </section>
  );
}

/** Keeps the end of a list in view while content is added, unless the reader has scrolled up. */
function useFollowedEnd(content: unknown) {
  const list = useRef<HTMLOListElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    const { current } = list;
    if (current === null) return;
    const note = () => {
      isAtEnd.current = current.scrollHeight - current.scrollTop - current.clientHeight < 48;
    };
    current.addEventListener("scroll", note);
    return () => current.removeEventListener("scroll", note);
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the content has changed
  useEffect(() => {
    if (isAtEnd.current) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [content]);
  return list;
}
