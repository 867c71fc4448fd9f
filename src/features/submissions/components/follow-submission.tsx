"use client";

import { useRouter } from "next/navigation";
import { useRealtimeSubscription } from "querycast/react";
import { useEffect, useRef } from "react";
import { channels } from "@/channels/index.ts";

/** A burst of signals refreshes once. */
const gatherMs = 200;

/** Renders the server's part of the page again when the submission changes: its title names the state. */
export function FollowSubmission({ submissionId }: { submissionId: string }) {
  const router = useRouter();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useRealtimeSubscription({
    channels: [channels.submission({ submissionId })],
    onEvent: () => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => router.refresh(), gatherMs);
    },
  });
  return null;
}
