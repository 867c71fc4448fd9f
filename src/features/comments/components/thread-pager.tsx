"use client";

import type { ReactNode } from "react";
import { Button } from "@/ui/forms/button.tsx";
import type { CommentPage, CommentWindow } from "../schema.ts";

interface ThreadPagerProps {
  readonly page: CommentPage | undefined;
  readonly window: CommentWindow;
  readonly onOpen: (window: CommentWindow) => void;
  /** The comments of the page. */
  readonly children: ReactNode;
}

/** A page of a thread between the buttons that open older and newer ones. */
export function ThreadPager({ page, window: { branch }, onOpen, children }: ThreadPagerProps) {
  const older = page?.older ?? null;
  return (
    <div className="mt-6 space-y-6">
      {older !== null && (
        <Button look="quiet" size="sm" onClick={() => onOpen({ branch, before: older })}>
          {branch === undefined ? "Show older comments" : "Show older replies"}
        </Button>
      )}
      {children}
      {page?.newer && (
        <Button look="quiet" size="sm" onClick={() => onOpen({})}>
          Show newest comments
        </Button>
      )}
    </div>
  );
}
