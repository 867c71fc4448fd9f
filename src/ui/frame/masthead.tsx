import type { ReactNode } from "react";
import { Wordmark } from "./wordmark.tsx";

/** The header of every page. `children` are the tools at its end. */
export function Masthead({ children }: { children: ReactNode }) {
  return (
    <header className="sticky top-0 z-30 bg-paper">
      <a
        href="#content"
        className="sr-only focus-visible:not-sr-only focus-visible:absolute focus-visible:top-3 focus-visible:left-3 focus-visible:z-50 focus-visible:bg-raised focus-visible:px-4 focus-visible:py-2 focus-visible:font-semibold"
      >
        Skip to content
      </a>
      <div className="page-frame">
        <div className="flex h-15 items-center justify-between gap-3">
          <Wordmark />
          <div className="flex items-center gap-0.5 sm:gap-1">{children}</div>
        </div>
        <div aria-hidden className="oxford-rule" />
      </div>
    </header>
  );
}
