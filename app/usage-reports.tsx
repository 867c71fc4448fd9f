"use client";

import { useRealtime } from "querycast/react";
import { useEffect } from "react";
import { startUsageReports, type UsageCounts } from "@/wiring/metrics/usage-reports.ts";

/** Reports to the server's metrics how many signals this page received and how many refetches it made. */
export function UsageReports(): null {
  const { bridge } = useRealtime();
  useEffect(() => startUsageReports({ counts: bridge.counts, send }), [bridge]);
  return null;
}

/** Uses a beacon, since a fetch would be cancelled when the page is closed. */
function send(usage: UsageCounts): boolean {
  const body = new Blob([JSON.stringify(usage)], { type: "application/json" });
  return navigator.sendBeacon("/api/usage", body);
}
