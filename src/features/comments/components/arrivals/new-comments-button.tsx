"use client";

import { count } from "@/lib/text/text.ts";
import { Button } from "@/ui/forms/button.tsx";
import { ArrowDown } from "@/ui/icons.ts";

interface NewCommentsButtonProps {
  /** Number of held-back comments. */
  readonly waiting: number;
  readonly onShow: () => void;
}

/**
 * Button with the number of new comments, at the bottom of the window while the thread is visible. It takes
 * no space in the layout, so nothing moves when it appears.
 */
export function NewCommentsButton({ waiting, onShow }: NewCommentsButtonProps) {
  return (
    <div className="pointer-events-none sticky bottom-5 z-10 h-0">
      {waiting > 0 && (
        <Button
          size="sm"
          onClick={onShow}
          className="pointer-events-auto absolute bottom-0 left-1/2 -translate-x-1/2 animate-appear rounded-full shadow-sheet"
        >
          <ArrowDown aria-hidden />
          {count(waiting, "new comment")}
        </Button>
      )}
    </div>
  );
}
