"use client";

import { EmptyState } from "@/ui/data/empty-state.tsx";
import { Button } from "@/ui/forms/button.tsx";

interface ErrorPageProps {
  readonly error: Error & { digest?: string };
  readonly reset: () => void;
}

export default function ErrorPage({ error, reset }: ErrorPageProps) {
  return (
    <EmptyState
      isPage
      title="This page could not be loaded"
      action={<Button onClick={reset}>Try again</Button>}
    >
      The site failed or did not answer. Try again in a moment.
      {error.digest && <span className="mt-2 block text-xs">Error ID: {error.digest}</span>}
    </EmptyState>
  );
}
