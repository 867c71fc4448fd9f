import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { Notice } from "./notice.tsx";

interface ReadFailedProps {
  /** What could not be read. */
  readonly children: ReactNode;
  /** Reads again. */
  readonly onRetry: () => unknown;
}

/** In place of what could not be read, or above what is shown of it from before. */
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
