"use client";

import { usePathname } from "next/navigation";
import { useRealtimeState } from "querycast/react";
import { useEffect, useState } from "react";
import { LastRead } from "@/ui/data/last-read.tsx";
import { useLastRead } from "./use-last-read.ts";

interface PageReadTimeProps {
  /** When the server rendered the page, in ms since 1970. */
  readonly renderedAtMs: number;
  /** First parts of the keys of queries that belong to the header, and not to the page. */
  readonly headerKeys: readonly string[];
}

/**
 * Shows, while the page is not live, when its oldest data was fetched. A page without queries shows when it was opened.
 */
export function PageReadTime({ renderedAtMs, headerKeys }: PageReadTimeProps) {
  const { status } = useRealtimeState();
  const readAtMs = useLastRead("oldest", headerKeys);
  const openedAtMs = useOpenedAt(renderedAtMs);
  if (status === "live" || status === "connecting" || status === "catching-up") return null;
  return <LastRead atMs={readAtMs > 0 ? readAtMs : openedAtMs} />;
}

/** When the current page was rendered on the server, or opened by a link. */
function useOpenedAt(renderedAtMs: number): number {
  const pathname = usePathname();
  const [first] = useState(pathname);
  const [opened, setOpened] = useState({ pathname, atMs: renderedAtMs });
  useEffect(() => {
    if (opened.pathname !== pathname) setOpened({ pathname, atMs: Date.now() });
  }, [opened, pathname]);
  return pathname === first ? Math.max(renderedAtMs, opened.atMs) : opened.atMs;
}
