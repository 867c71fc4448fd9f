"use client";

import { Chat } from "@/features/desk/components/chat.tsx";
import { ReadersChart } from "@/features/desk/components/readers-chart.tsx";

interface ViewProps {
  readonly publicationId: string;
  readonly viewerId: string;
  readonly evidencePath: string;
}

export function View({ publicationId, viewerId, evidencePath }: ViewProps) {
  return (
    <div className="grid gap-10 lg:grid-cols-[2fr_1fr]">
      <Chat publicationId={publicationId} viewerId={viewerId} evidencePath={evidencePath} />
      <ReadersChart publicationId={publicationId} />
    </div>
  );
}
