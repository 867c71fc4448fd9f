"use client";

import { useEffect, useRef, useState } from "react";
import type { Comment } from "../schema.ts";

interface Arrivals {
  /** Comments of others that came while the page was open, in the order they came. */
  readonly newIds: readonly string[];
  /** For a live region: what the last arrival was. */
  readonly announcement: string;
}

const none: Arrivals = { newIds: [], announcement: "" };

/** Notices what others add to a thread after it was first shown. */
export function useArrivals(
  comments: readonly Comment[] | undefined,
  viewerId: string | null,
): Arrivals {
  const known = useRef<Set<string> | null>(null);
  const [arrivals, setArrivals] = useState(none);
  useEffect(() => {
    if (comments === undefined) return;
    const before = known.current;
    known.current = new Set([...(before ?? []), ...comments.map(({ id }) => id)]);
    if (before === null) return;
    const arrived = comments.filter(({ id, author }) => !before.has(id) && author.id !== viewerId);
    if (arrived.length === 0) return;
    setArrivals(({ newIds }) => ({
      newIds: [...newIds, ...arrived.map(({ id }) => id)],
      announcement: announce(arrived),
    }));
  }, [comments, viewerId]);
  return arrivals;
}

function announce([first, ...others]: readonly Comment[]): string {
  if (first === undefined) return "";
  if (others.length > 0) return `${others.length + 1} new comments.`;
  return `New ${first.parentId === null ? "comment" : "reply"} by ${first.author.name}.`;
}
