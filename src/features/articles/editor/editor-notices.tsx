"use client";

import { useEffect, useRef } from "react";
import { longDate } from "@/lib/text/relative-time.ts";
import { Link } from "@/ui/link.tsx";
import { Notice } from "@/ui/notice.tsx";
import { ConflictNotice } from "./conflict-notice.tsx";
import type { DraftSaver, DraftSnapshot } from "./draft-saver.ts";
import type { Publishing } from "./use-publishing.ts";

interface EditorNoticesProps {
  readonly snapshot: DraftSnapshot;
  readonly saver: DraftSaver;
  readonly publishing: Publishing;
  /** Whether the text comes from a copy in this browser. */
  readonly isRestored: boolean;
  /** When the deleted article will be gone; null unless it is deleted. */
  readonly deleteAt: string | null;
}

/** What the author has to know above the text: conflicts, failures, and the result of publishing. */
export function EditorNotices(props: EditorNoticesProps) {
  const { snapshot, saver, publishing, isRestored, deleteAt } = props;
  const { text, state } = snapshot;
  const { problem, done } = publishing;
  return (
    <>
      {state.kind === "conflict" && (
        <ConflictNotice
          mine={text}
          theirs={state.theirs}
          onKeepMine={() => void saver.keepMine()}
          onTakeTheirs={() => saver.takeTheirs()}
        />
      )}
      {state.kind === "failed" && (
        <Notice className="mb-6">
          Not saved: {state.message} Your text is kept in this browser
          {state.retries ? ", and saving is retried." : "."}
        </Notice>
      )}
      {problem && <Notice className="mb-6">{problem.message}</Notice>}
      {isRestored && state.kind !== "saved" && state.kind !== "conflict" && (
        <Notice role="status" className="mb-6">
          Unsaved changes were restored from this browser.
        </Notice>
      )}
      {deleteAt && (
        <Notice role="status" className="mb-6">
          This article is deleted and will be gone on {longDate(Date.parse(deleteAt))}.{" "}
          <Link href="/dashboard?status=deleting" className="text-link">
            Restore it on the dashboard
          </Link>
          .
        </Notice>
      )}
      <DoneNotice done={done} slug={text.slug} />
    </>
  );
}

/** The result of the last action. A link to a newly published article takes the focus. */
function DoneNotice({ done, slug }: { done: Publishing["done"]; slug: string }) {
  const notice = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (done === "published") notice.current?.querySelector("a")?.focus();
  }, [done]);
  return (
    <div ref={notice} role="status" className="empty:hidden">
      {done !== null && (
        <p className="mb-6 border-l-3 border-ink bg-sunk px-4 py-3 text-sm">
          {doneWords[done]}{" "}
          {done !== "unpublished" && (
            <Link href={`/articles/${slug}`} className="text-link font-semibold">
              View article
            </Link>
          )}
        </p>
      )}
    </div>
  );
}

const doneWords = {
  published: "Published.",
  updated: "Updated.",
  unpublished: "Unpublished. Only you can see it.",
} as const;
