"use client";

import { useLatestMessage } from "querycast/react";
import { useState } from "react";
import { channels } from "@/channels/index.ts";
import { Button, buttonStyle } from "@/ui/forms/button.tsx";
import { Link } from "@/ui/link.tsx";
import { dayInWords } from "./report-day.ts";

/** Names a new daily report at the bottom of every page of its author, for a minute. The dashboard has the report. */
export function ReportToast({ userId }: { userId: string }) {
  const message = useLatestMessage(channels.report({ userId }));
  const [hiddenId, setHiddenId] = useState<string>();
  const hide = () => setHiddenId(message?.id);
  return (
    <div role="status" aria-label="Daily report">
      {message !== undefined && message.id !== hiddenId && (
        <div className="pointer-events-auto flex max-w-2xl flex-wrap items-center gap-x-4 gap-y-2 rounded-sm border border-rule bg-raised px-4 py-2.5 text-sm text-ink shadow-sheet">
          <p>Your report of {dayInWords(message.fields.day)} is ready.</p>
          <Link href="/dashboard#report" onClick={hide} className={buttonStyle({ size: "sm" })}>
            Open report
          </Link>
          <Button look="bare" size="sm" onClick={hide}>
            Hide report
          </Button>
        </div>
      )}
    </div>
  );
}
