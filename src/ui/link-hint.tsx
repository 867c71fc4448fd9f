"use client";

import { useLinkStatus } from "next/link";

/** A loading indicator inside a link. It appears shortly after a navigation has started. */
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
