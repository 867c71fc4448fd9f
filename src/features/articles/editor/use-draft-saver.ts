"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { saveArticleAction } from "../actions.ts";
import { articleVersionQuery, fetchDraft } from "../queries.ts";
import type { ArticleText } from "../write/draft-schema.ts";
import { createDraftSaver, type DraftSaver } from "./draft-saver.ts";
import { readCopy, writeCopy } from "./local-copy.ts";
import { isSameText } from "./text.ts";

export interface DraftStart {
  readonly articleId: string;
  readonly text: ArticleText;
  /** Null for an article that is not on the server yet. */
  readonly version: string | null;
  readonly autosaves: boolean;
}

/**
 * State of a text that is saved automatically or on request, stored in this browser until then, and
 * compared with saves of other tabs and devices. The initial values are read once.
 */
export function useDraftSaver(start: DraftStart) {
  const [draft] = useState(() => openDraft(start));
  const [isRestored, setIsRestored] = useState(false);
  const { saver } = draft;
  const snapshot = useSyncExternalStore(saver.subscribe, saver.getSnapshot, saver.getSnapshot);

  useEffect(() => {
    setIsRestored(draft.restore());
    const again = () => {
      if (saver.getSnapshot().state.kind === "failed") void saver.save();
    };
    window.addEventListener("online", again);
    return () => {
      window.removeEventListener("online", again);
      saver.stop();
    };
  }, [draft, saver]);

  const articleId = draft.articleId();
  useOthers(articleId, saver, snapshot);
  return { articleId, saver, snapshot, isRestored };
}

/** Follows the saves of other tabs and devices. */
function useOthers(
  articleId: string,
  saver: DraftSaver,
  { version, state }: ReturnType<DraftSaver["getSnapshot"]>,
): void {
  const newest = useQuery({ ...articleVersionQuery(articleId), enabled: version !== null }).data;
  const isAhead = newest !== undefined && version !== null && newest > version;
  const isUnknown = state.kind === "conflict" && state.theirs === null;
  useEffect(() => {
    if (!isAhead && !isUnknown) return;
    let isCurrent = true;
    const fetchTheirs = async () => {
      const { title, excerpt, body, slug, tagIds, ...theirs } = await fetchDraft(articleId);
      const text = { title, excerpt, body, slug, tagIds };
      if (isCurrent) saver.received({ text, version: theirs.version });
    };
    // A failure is ignored: the next signal fetches again, or the next save meets the conflict.
    void fetchTheirs().catch(() => {});
    return () => {
      isCurrent = false;
    };
  }, [isAhead, isUnknown, articleId, saver]);
}

function openDraft(start: DraftStart) {
  let { articleId } = start;
  const saver = createDraftSaver({
    text: start.text,
    version: start.version,
    autosaves: start.autosaves,
    keep: (copy) => writeCopy(articleId, copy),
    save: (text, basedOn) =>
      unwrapAction((stamp) => saveArticleAction(stamp, { articleId, basedOn, ...text })),
  });
  return {
    saver,
    articleId: () => articleId,
    /** Continues with the copy in this browser; false when it has nothing new. */
    restore: () => {
      const copy = readCopy(start.version === null ? null : articleId);
      if (copy === null || isSameText(copy.text, start.text)) return false;
      // A new article keeps its id: its first save may have reached the server.
      articleId = copy.articleId;
      saver.restore(copy);
      return true;
    },
  };
}
