"use client";

import { useRealtimeState } from "querycast/react";
import { useEffect, useState } from "react";
import { postJson } from "@/lib/http/fetch-json.ts";
import type { ResourceRef } from "@/lib/resource-ref.ts";
import type { ReplyNoteInput } from "../../schema.ts";
import { createReplyNotes } from "./reply-notes.ts";

/**
 * Notes for the other readers that the viewer is writing. Not sent while this page has no live connection.
 *
 * @param targetId the comment that is answered, or the page
 * @returns to call with the text after each change, and with an empty text after it was sent
 */
export function useReplyNotes(page: ResourceRef, targetId: string): (text: string) => void {
  const isOffline = useRealtimeState().status === "offline";
  const [notes] = useState(() => {
    let last = Promise.resolve();
    return createReplyNotes((isTyping) => {
      const { resourceType, resourceId } = page;
      const note: ReplyNoteInput = { resourceType, resourceId, targetId, isTyping };
      // One after the other, so that the end arrives last. A lost note is repeated or expires.
      last = last.then(() =>
        postJson<null>("/api/replying", note).then(
          () => {},
          () => {},
        ),
      );
    });
  });
  useEffect(() => () => notes.end(), [notes]);
  return (text) => {
    if (!isOffline || text === "") notes.typed(text);
  };
}
