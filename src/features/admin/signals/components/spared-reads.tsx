"use client";

import { useQuery } from "@tanstack/react-query";
import { count } from "@/lib/text/text.ts";
import { SectionTitle } from "@/ui/frame/section-title.tsx";
import { logStateQuery } from "../queries.ts";

/** Share of refetches that open pages avoided by coalescing signals. */
export function SparedReads() {
  const { data } = useQuery(logStateQuery);
  const { signals = 0, fetches = 0 } = data?.browsers ?? {};
  const share = signals === 0 ? 0 : Math.max(0, 1 - fetches / signals);
  return (
    <figure>
      <SectionTitle>Refetches avoided</SectionTitle>
      <svg
        aria-hidden
        viewBox="0 0 100 6"
        preserveAspectRatio="none"
        className="mt-5 h-6 w-full text-rule"
      >
        <rect width="100" height="6" fill="currentColor" />
        <rect width={share * 100} height="6" className="fill-accent" />
      </svg>
      <figcaption className="mt-3 text-sm text-ink-soft">
        {signals === 0
          ? "No page has reported to this process yet."
          : `Pages received ${count(signals, "signal")} for their queries and refetched ${count(fetches, "time")}, ${Math.round(share * 100)} % fewer. Reported to this process since it started.`}
      </figcaption>
    </figure>
  );
}
