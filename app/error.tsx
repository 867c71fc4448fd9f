"use client";

import { unstable_isUnrecognizedActionError } from "next/navigation";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { Button } from "@/ui/forms/button.tsx";

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
        This page belongs to an earlier release, so the form was not sent. Reload the page and send
        it again.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      isPage
      title="This page could not be loaded"
      action={<Button onClick={reset}>Try again</Button>}
    >
      The server failed. Nothing you wrote is lost. Try again in a moment.
      {error.digest && <span className="mt-2 block text-xs">Error ID: {error.digest}</span>}
    </EmptyState>
  );
}
