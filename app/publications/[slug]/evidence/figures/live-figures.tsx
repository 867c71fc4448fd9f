"use client";

import { useQuery } from "@tanstack/react-query";
import { FigureChart } from "@/features/evidence/components/figure-chart.tsx";
import { standingQuery } from "@/features/publications/queries.ts";
import type { FigureName } from "@/lib/evidence/observation.ts";
import { seesDesk } from "@/lib/publications/permissions.ts";

interface LiveFiguresProps {
  readonly publicationId: string;
  readonly path: string;
  readonly figure: FigureName | null;
  readonly viewerId: string | null;
  /** Whether the viewer was a member when the page was rendered. */
  readonly isMember: boolean;
}

/** The chart joins the channels of what the viewer may read now: rights can change while it is open. */
export function LiveFigures({ publicationId, path, figure, viewerId, isMember }: LiveFiguresProps) {
  const { data: standing } = useQuery(standingQuery(publicationId, viewerId, isMember));
  const viewer = {
    userId: viewerId,
    isMember: standing?.isMember ?? isMember,
    isDesk: seesDesk(standing?.permissions ?? []),
  };
  return <FigureChart publicationId={publicationId} path={path} figure={figure} viewer={viewer} />;
}
