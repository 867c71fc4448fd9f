"use client";

import { useRealtime } from "querycast/react";
import { useEffect } from "react";
import { startUsageReports, type UsageCounts } from "@/wiring/usage-reports.ts";

/** Lets the server's metrics know what signals cost this page, and what it was spared. */
export function UsageReports(): null {
  const { bridge } = useRealtime();
  useEffect(() => startUsageReports({ counts: bridge.counts, send }), [bridge]);
  return null;
}

/** Also sent when the page is about to go, which a fetch would not survive. */
function send(usage: UsageCounts): boolean {
  const body = new Blob([JSON.stringify(usage)], { type: "application/json" });
  return navigator.sendBeacon("/api/usage", body);
}
