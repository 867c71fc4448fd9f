"use client";

import { useEffect } from "react";
import { requestDeadlineMs } from "@/lib/fetch-json.ts";
import { pageHeaders } from "@/lib/page-viewer.ts";

/** Has the page counted once somebody sees it. Whatever becomes of it is of no concern to the reader. */
export function ViewBeacon({ articleId }: { articleId: string }) {
  useEffect(() => {
    const count = () => {
      if (document.visibilityState !== "visible") return;
      document.removeEventListener("visibilitychange", count);
      const body = JSON.stringify({ articleId });
      // Read to its end: an answer nobody reads keeps the connection it came on.
      const signal = AbortSignal.timeout(requestDeadlineMs);
      void fetch("/api/views", { method: "POST", body, headers: pageHeaders(), signal })
        .then((answer) => answer.text())
        .catch(() => {});
    };
    document.addEventListener("visibilitychange", count);
    count();
    return () => document.removeEventListener("visibilitychange", count);
  }, [articleId]);
  return null;
}
