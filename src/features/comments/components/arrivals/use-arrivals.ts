"use client";

import { useLayoutEffect, useMemo, useState } from "react";
import type { Comment } from "../../schema.ts";
import { anchorOf } from "../use-linked-comment.ts";
import { predecessors, split } from "./arrivals.ts";

interface Arrivals {
  /** The shown comments; `undefined` before the first response. */
  readonly comments: readonly Comment[] | undefined;
  /** Held-back comments of others, which would move the text that is being read. */
  readonly waiting: readonly Comment[];
  /** Shown comments of others that arrived while the page was open, in order of arrival. */
  readonly newIds: readonly string[];
  /** The last arrival, for a live region. */
  readonly announcement: string;
  /** Shows the held-back comments. */
  readonly showWaiting: () => void;
}

interface State {
  /** Identifies the page of the thread. */
  readonly pageKey: string;
  readonly known: ReadonlySet<string>;
  readonly waitingIds: ReadonlySet<string>;
  readonly newIds: readonly string[];
  readonly announcement: string;
}

const none: ReadonlySet<string> = new Set();

/**
 * Detects comments that others add to a thread after it was first shown, without moving the visible text:
 * comments below the window are inserted at once, others are held back until requested. The viewer's own
 * comments are shown at once.
 *
 * @param pageKey identifies the page of the thread: comments of another page are not new
 */
export function useArrivals(
  comments: readonly Comment[] | undefined,
  viewerId: string | null,
  pageKey: string,
): Arrivals {
  const [stored, setState] = useState<State | null>(null);
  const state = stored?.pageKey === pageKey ? stored : null;
  const known = state?.known;

  // New comments are not rendered before the effect, which runs before painting, has placed them.
  const { comments: shown, waiting } = useMemo(() => {
    const undecided = (comments ?? []).filter(({ id }) => known !== undefined && !known.has(id));
    return split(
      comments ?? [],
      new Set([...(state?.waitingIds ?? none), ...undecided.map(({ id }) => id)]),
    );
  }, [comments, known, state?.waitingIds]);

  useLayoutEffect(() => {
    if (comments === undefined) return;
    setState((before) =>
      arrive(before?.pageKey === pageKey ? before : null, comments, viewerId, pageKey),
    );
  }, [comments, viewerId, pageKey]);

  return {
    comments: comments && shown,
    waiting: waiting.filter(({ id }) => known?.has(id)),
    newIds: state?.newIds ?? [],
    announcement: state?.announcement ?? "",
    showWaiting: () =>
      setState(
        (before) =>
          before && {
            ...before,
            waitingIds: none,
            newIds: [...before.newIds, ...before.waitingIds],
          },
      ),
  };
}

/** The state after a response. It reads the layout, so call it in effects only. */
function arrive(
  before: State | null,
  comments: readonly Comment[],
  viewerId: string | null,
  pageKey: string,
): State {
  const ids = comments.map(({ id }) => id);
  if (before === null) {
    return { pageKey, known: new Set(ids), waitingIds: none, newIds: [], announcement: "" };
  }
  const arrived = comments.filter(({ id }) => !before.known.has(id));
  if (arrived.length === 0) return before;
  // A tombstone that was never shown as a comment is not new.
  const ofOthers = arrived.filter(({ author }) => author !== null && author.id !== viewerId);
  const isShown = (id: string) => before.known.has(id) && !before.waitingIds.has(id);
  const after = predecessors(comments, isShown);
  const moving = ofOthers.filter(({ id }) => !isBelowWindow(after.get(id) ?? null));
  const answered = new Set(
    arrived.filter(({ author }) => author?.id === viewerId).map(({ parentId }) => parentId),
  );
  const waitingIds = new Set([...before.waitingIds, ...moving.map(({ id }) => id)]);
  // A viewer who has replied to a comment has seen it, in another tab or by a link.
  for (const id of answered) if (id !== null) waitingIds.delete(id);
  return {
    pageKey,
    known: new Set([...before.known, ...ids]),
    waitingIds,
    newIds: [...before.newIds, ...ofOthers.map(({ id }) => id).filter((id) => !waitingIds.has(id))],
    announcement: ofOthers.length === 0 ? before.announcement : announce(ofOthers),
  };
}

/** Whether an insertion after a comment, or at the start of the thread, is below the visible window. */
function isBelowWindow(commentId: string | null): boolean {
  const element = document.getElementById(
    commentId === null ? "discussion-title" : anchorOf(commentId),
  );
  if (element === null) return false;
  // In a closed fold nothing is rendered, so an insertion changes only its number.
  if (element.checkVisibility?.() === false) return true;
  return element.getBoundingClientRect().bottom >= innerHeight;
}

function announce([first, ...others]: readonly Comment[]): string {
  if (first === undefined) return "";
  if (others.length > 0) return `${others.length + 1} new comments.`;
  return `New ${first.parentId === null ? "comment" : "reply"} by ${first.author?.name}.`;
}
