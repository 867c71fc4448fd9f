"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useRealtimeSubscription } from "querycast/react";
import { useEffect, useRef } from "react";
import { channels } from "@/channels/index.ts";
import { submissionKeys } from "../keys.ts";

/** A burst of signals refreshes once. */
const gatherMs = 200;

/**
 * Renders the server's part of the page again when the submission changes: its title names the state.
 *
 * The server answers a viewer who may no longer read the submission with "Page not found", which would replace the
 * reason that the open page shows. The first event of that change is a gap like any other, so the submission is read
 * before the page is refreshed.
 */
export function FollowSubmission({ submissionId }: { submissionId: string }) {
  const router = useRouter();
  const queryClient = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const isMounted = useRef(false);
  useEffect(() => {
    isMounted.current = true;
    return () => {
      isMounted.current = false;
      clearTimeout(timer.current);
    };
  }, []);
  async function refresh() {
    const queryKey = submissionKeys.submission(submissionId);
    // Replaces a read that began before the event.
    await queryClient.refetchQueries({ queryKey, exact: true });
    const state = queryClient.getQueryState(queryKey);
    const isReadable = state?.status === "success" && state.fetchStatus === "idle";
    if (isReadable && isMounted.current) router.refresh();
  }
  useRealtimeSubscription({
    channels: [channels.submission({ submissionId })],
    onEvent: ({ type }) => {
      clearTimeout(timer.current);
      if (type === "revoked") return;
      timer.current = setTimeout(refresh, gatherMs);
    },
  });
  return null;
}
