import type { ReactNode } from "react";
import { Button } from "../forms/button.tsx";
import { Notice } from "../notice.tsx";

interface ReadFailedProps {
  /** The message: what could not be loaded. */
  readonly children: ReactNode;
  /** Refetches. */
  readonly onRetry: () => unknown;
}

/** An error with a retry button, in place of data or above data that is out of date. */
export function ReadFailed({ children, onRetry }: ReadFailedProps) {
  return (
    <Notice className="my-4 flex flex-wrap items-center justify-between gap-3">
      {children}
      <Button look="quiet" size="sm" onClick={() => void onRetry()}>
        Try again
      </Button>
    </Notice>
  );
}
