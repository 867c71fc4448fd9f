"use client";

import { useQuery } from "@tanstack/react-query";
import type { TeamViewer } from "@/channels/standing.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { observationRef } from "@/lib/evidence/observation.ts";
import { Freshness } from "@/ui/data/freshness.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { observationQuery } from "../queries.ts";
import { ObservationBody, RefLink } from "./observation-body.tsx";

interface CitationProps {
  readonly publicationId: string;
  readonly number: number;
  /** Path of the evidence log. */
  readonly path: string;
  readonly viewer: TeamViewer;
}

/** A cited observation, read now with the rights of the viewer. A hidden one is shown like a missing one. */
export function Citation({ publicationId, number, path, viewer }: CitationProps) {
  const query = observationQuery(publicationId, number, viewer);
  const { data: observation, error, refetch } = useQuery({ ...query, retry: false });
  if (error instanceof AppError && error.code === "not_found") {
    return (
      <p className="text-danger">{observationRef(number)} does not exist, or you cannot read it.</p>
    );
  }
  if (error) return <ReadFailed onRetry={refetch}>The observation could not be loaded.</ReadFailed>;
  if (observation === undefined) return <p aria-busy>Loading {observationRef(number)}…</p>;
  return (
    <>
      <p className="mb-1">
        <RefLink number={number} path={path} />
      </p>
      <ObservationBody observation={observation} path={path} />
      <Freshness {...observation} />
    </>
  );
}
