"use client";

import { Button } from "@/ui/button.tsx";
import { EmptyState } from "@/ui/empty-state.tsx";

interface ErrorPageProps {
  readonly error: Error & { digest?: string };
  readonly reset: () => void;
}

export default function ErrorPage({ error, reset }: ErrorPageProps) {
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
