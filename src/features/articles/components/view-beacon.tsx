"use client";

import { useEffect } from "react";
import { requestDeadlineMs } from "@/lib/http/fetch-json.ts";
import { pageHeaders } from "@/lib/pages/page-viewer.ts";

/** Counts a view once the page is visible. Errors are ignored. */
export function ViewBeacon({ articleId }: { articleId: string }) {
  useEffect(() => {
    const count = () => {
      if (document.visibilityState !== "visible") return;
      document.removeEventListener("visibilitychange", count);
      const body = JSON.stringify({ articleId });
      // The body is read to its end, since an unread response blocks its connection.
      const signal = AbortSignal.timeout(requestDeadlineMs);
      void fetch("/api/views", { method: "POST", body, headers: pageHeaders(), signal })
        .then((answer) => answer.text())
        .catch(() => {});
    };
    document.addEventListener("visibilitychange", count);
    // StrictMode runs effects twice: two requests at once, without a cookie yet, would be two visitors.
    const timer = setTimeout(count);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", count);
    };
  }, [articleId]);
  return null;
}
