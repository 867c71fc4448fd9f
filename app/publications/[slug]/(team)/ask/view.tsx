"use client";

import { Analyst } from "@/features/analyst/components/analyst.tsx";
import { Citation } from "@/features/evidence/components/citation.tsx";

interface ViewProps {
  readonly publicationId: string;
  readonly viewerId: string;
  readonly evidencePath: string;
}

export function View({ publicationId, viewerId, evidencePath }: ViewProps) {
  return (
    <Analyst
      publicationId={publicationId}
      viewerId={viewerId}
      evidencePath={evidencePath}
      renderCitation={(number) => (
        <Citation
          publicationId={publicationId}
          number={number}
          path={evidencePath}
          viewer={{ userId: viewerId, isMember: true }}
        />
      )}
    />
  );
}
