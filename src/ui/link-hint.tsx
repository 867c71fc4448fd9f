"use client";

import { useLinkStatus } from "next/link";

/** Stands inside a link and shows, after a moment, that its page is on the way. */
export function LinkHint() {
  const { pending } = useLinkStatus();
  if (!pending) return null;
  return (
    <span role="status" className="ml-2 inline-block animate-[appear_200ms_250ms_both] text-accent">
      <span aria-hidden className="animate-breathe">
        …
      </span>
      <span className="sr-only">Loading page</span>
    </span>
  );
}
