"use client";

import { useQuery } from "@tanstack/react-query";
import { type UIEvent, useEffect, useMemo, useRef } from "react";
import { CutNote } from "@/ui/data/cut-note.tsx";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { messagesShown } from "../limits.ts";
import { chatContentsQuery, chatMessagesQuery } from "../queries.ts";
import { MessageItem } from "./message-item.tsx";
import { SayForm } from "./say-form.tsx";
import { textsOf } from "./texts-of.ts";
import { useMarkSeen } from "./use-mark-seen.ts";

interface ChatProps {
  readonly publicationId: string;
  readonly viewerId: string;
  readonly evidencePath: string;
}

/** A list that is scrolled this close to its end follows it. */
const nearEndPx = 48;

/** The chat of a publication. Answers of the analyst grow while they are written. */
export function Chat({ publicationId, viewerId, evidencePath }: ChatProps) {
  const messages = useQuery(chatMessagesQuery(publicationId));
  const contents = useQuery(chatContentsQuery(publicationId));
  const texts = useMemo(() => textsOf(contents.data ?? []), [contents.data]);
  const list = useFollowedEnd(texts);
  useMarkSeen(publicationId, viewerId, messages.data?.at(-1)?.id);
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
      <CutNote rows={messages.data} most={messagesShown}>
        The newest messages are shown.
      </CutNote>
      {messages.data !== undefined && messages.data.length > 0 && (
        <div
          {...list}
          role="log"
          aria-label="Messages"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
          tabIndex={0}
          className="max-h-[60vh] overflow-y-auto border-y border-rule px-1"
        >
          <ol className="divide-y divide-rule">
            {messages.data.map((message) => (
              <MessageItem
                key={message.id}
                message={message}
                text={texts.get(message.id)}
                evidencePath={evidencePath}
              />
            ))}
          </ol>
        </div>
      )}
      <SayForm publicationId={publicationId} />
    </section>
  );
}

/** Props of a box that keep its end in view while texts are added, unless the reader has scrolled up. */
function useFollowedEnd(texts: ReadonlyMap<string, string>) {
  const ref = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    if (texts.size > 0 && isAtEnd.current) ref.current?.scrollTo({ top: ref.current.scrollHeight });
  }, [texts]);
  const onScroll = ({ currentTarget: list }: UIEvent<HTMLDivElement>) => {
    isAtEnd.current = list.scrollHeight - list.scrollTop - list.clientHeight < nearEndPx;
  };
  return { ref, onScroll };
}
