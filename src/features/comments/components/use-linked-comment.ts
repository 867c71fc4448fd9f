"use client";

import { useEffect, useState } from "react";

const anchorPrefix = "comment-";

/** The id attribute of a comment, which deep links point to. */
export const anchorOf = (commentId: string): string => anchorPrefix + commentId;

/** The comment in the hash of the URL, if any. Known in the browser only. */
export function useLinkedComment(): string | null {
  const [linked, setLinked] = useState<string | null>(null);
  useEffect(() => {
    const read = () => {
      const anchor = location.hash.slice(1);
      setLinked(anchor.startsWith(anchorPrefix) ? anchor.slice(anchorPrefix.length) : null);
    };
    read();
    addEventListener("hashchange", read);
    return () => removeEventListener("hashchange", read);
  }, []);
  return linked;
}

/** Scrolls to a comment and focuses it, after the frame in which it is rendered. */
export function focusComment(commentId: string): void {
  requestAnimationFrame(() => {
    const element = document.getElementById(anchorOf(commentId));
    element?.focus({ preventScroll: true });
    element?.scrollIntoView({ block: "nearest" });
  });
}
