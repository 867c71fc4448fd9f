"use client";

import { useLayoutEffect, useMemo, useState } from "react";
import type { Comment } from "../schema.ts";
import { predecessors, split } from "./arrivals.ts";
import { anchorOf } from "./use-linked-comment.ts";

interface Arrivals {
  /** The thread without what waits; `undefined` before the first read. */
  readonly comments: readonly Comment[] | undefined;
  /** Comments of others that would move what is being read: shown when they are asked for. */
  readonly waiting: readonly Comment[];
  /** Comments of others that came while the page was open and are shown, in the order they came. */
  readonly newIds: readonly string[];
  /** For a live region: what the last arrival was. */
  readonly announcement: string;
  /** Shows what waits. */
  readonly showWaiting: () => void;
}

interface State {
  /** The page of the thread that this is the state of. */
  readonly pageKey: string;
  readonly known: ReadonlySet<string>;
  readonly waitingIds: ReadonlySet<string>;
  readonly newIds: readonly string[];
  readonly announcement: string;
}

const none: ReadonlySet<string> = new Set();

/**
 * Notices what others add to a thread after it was first shown, without moving the page under anybody's
 * eyes: what stands below the window is inserted at once, anything else waits until it is asked for.
 * One's own comments are shown at once, wherever they were written.
 *
 * @param pageKey identifies the page of the thread: what another page holds did not arrive
 */
export function useArrivals(
  comments: readonly Comment[] | undefined,
  viewerId: string | null,
  pageKey: string,
): Arrivals {
  const [stored, setState] = useState<State | null>(null);
  const state = stored?.pageKey === pageKey ? stored : null;
  const known = state?.known;

  // What is not known yet is drawn nowhere until it is decided where: before anything is painted.
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

/** The state after a read. Looks at the page as it stands, so it is for effects only. */
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
  // A tombstone that was never shown as a comment is no news.
  const ofOthers = arrived.filter(({ author }) => author !== null && author.id !== viewerId);
  const isShown = (id: string) => before.known.has(id) && !before.waitingIds.has(id);
  const after = predecessors(comments, isShown);
  const moving = ofOthers.filter(({ id }) => !isBelowWindow(after.get(id) ?? null));
  const answered = new Set(
    arrived.filter(({ author }) => author?.id === viewerId).map(({ parentId }) => parentId),
  );
  const waitingIds = new Set([...before.waitingIds, ...moving.map(({ id }) => id)]);
  // Whoever answers a comment has seen it, in another tab or by a link.
  for (const id of answered) if (id !== null) waitingIds.delete(id);
  return {
    pageKey,
    known: new Set([...before.known, ...ids]),
    waitingIds,
    newIds: [...before.newIds, ...ofOthers.map(({ id }) => id).filter((id) => !waitingIds.has(id))],
    announcement: ofOthers.length === 0 ? before.announcement : announce(ofOthers),
  };
}

/** Whether what is inserted after a comment, or at the head of the thread, is out of sight and below. */
function isBelowWindow(commentId: string | null): boolean {
  const element = document.getElementById(
    commentId === null ? "discussion-title" : anchorOf(commentId),
  );
  if (element === null) return false;
  // Inside a fold that is closed nothing is drawn, and nothing moves but the number of what is in it.
  if (element.checkVisibility?.() === false) return true;
  return element.getBoundingClientRect().bottom >= innerHeight;
}

function announce([first, ...others]: readonly Comment[]): string {
  if (first === undefined) return "";
  if (others.length > 0) return `${others.length + 1} new comments.`;
  return `New ${first.parentId === null ? "comment" : "reply"} by ${first.author?.name}.`;
}
