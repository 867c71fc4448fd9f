"use client";

import { useState } from "react";
import { Button } from "@/ui/forms/button.tsx";
import { useAnnouncement } from "./use-announcement.ts";

/** The announcement of maintenance at the bottom of every page. Hiding it lasts until the page is loaded again. */
export function AnnouncementBanner() {
  const announcement = useAnnouncement();
  const [hiddenId, setHiddenId] = useState<string>();
  const isShown = announcement !== null && announcement.id !== hiddenId;
  return (
    <div role="status" aria-label="Announcement">
      {isShown && (
        <div className="pointer-events-auto flex max-w-2xl flex-wrap items-center gap-x-4 gap-y-2 rounded-sm border border-ink bg-raised px-4 py-2.5 text-sm text-ink shadow-sheet">
          <p className="min-w-0 flex-1 basis-60 break-words">{announcement.text}</p>
          <Button look="quiet" size="sm" onClick={() => setHiddenId(announcement.id)}>
            Hide announcement
          </Button>
        </div>
      )}
    </div>
  );
}
