"use client";

import { unstable_isUnrecognizedActionError } from "next/navigation";
import { Button } from "@/ui/button.tsx";
import { EmptyState } from "@/ui/empty-state.tsx";

interface ErrorPageProps {
  readonly error: Error & { digest?: string };
  readonly reset: () => void;
}

export default function ErrorPage({ error, reset }: ErrorPageProps) {
  const thrown: unknown = error;
  if (unstable_isUnrecognizedActionError(thrown)) {
    return (
      <EmptyState
        isPage
        title="Inkwell was updated"
        action={<Button onClick={() => location.reload()}>Reload</Button>}
      >
        This page is of the former release, so the form could not be sent. Reload and send it again.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      isPage
      title="This page could not be read"
      action={<Button onClick={reset}>Try again</Button>}
    >
      Something broke on our side. Nothing you wrote is lost.
      {error.digest && <span className="mt-2 block text-xs">For our log: {error.digest}</span>}
    </EmptyState>
  );
}
