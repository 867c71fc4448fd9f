"use client";

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { TeamViewer } from "@/channels/standing.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { observationRef } from "@/lib/evidence/observation.ts";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { Freshness } from "@/ui/data/freshness.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { buttonStyle } from "@/ui/forms/button.tsx";
import { SectionTitle } from "@/ui/frame/section-title.tsx";
import { Link } from "@/ui/link.tsx";
import { observationQuery } from "../queries.ts";
import type { Observation } from "../schema.ts";
import { IntegrityMark } from "./integrity-mark.tsx";
import { ObservationBody } from "./observation-body.tsx";

interface ObservationViewProps {
  readonly publicationId: string;
  readonly number: number;
  /** Path of the evidence log. */
  readonly path: string;
  /** Whether the viewer may record a correction. */
  readonly mayRecord: boolean;
  readonly viewer: TeamViewer;
}

/** One observation with its source and its signature. */
export function ObservationView(props: ObservationViewProps) {
  const { publicationId, number, path, mayRecord, viewer } = props;
  const query = observationQuery(publicationId, number, viewer);
  const { data: observation, error, isError, refetch } = useQuery(query);
  if (error instanceof AppError && error.code === "not_found") {
    return (
      <EmptyState isPage title="This observation is not available">
        It does not exist, or your roles no longer allow you to read it.
      </EmptyState>
    );
  }
  return (
    <>
      <p className="mb-2 text-sm">
        <Link href={path} className="text-link">
          Evidence
        </Link>
      </p>
      <h1 className="mb-4 font-mono text-2xl font-medium">{observationRef(number)}</h1>
      {isError && <ReadFailed onRetry={refetch}>The observation could not be loaded.</ReadFailed>}
      {observation === undefined && !isError && <SkeletonList label="Loading the observation" />}
      {observation !== undefined && (
        <>
          <ObservationBody observation={observation} path={path} />
          <div className="mt-4 flex flex-wrap items-center justify-between gap-3">
            <Freshness {...observation} />
            {mayRecord && (
              <Link
                href={`${path}/add?corrects=${observationRef(number)}`}
                className={buttonStyle({ look: "quiet", size: "sm" })}
              >
                Record correction
              </Link>
            )}
          </div>
          <Signature observation={observation} />
        </>
      )}
    </>
  );
}

const ways: Readonly<Record<Observation["way"], string>> = {
  form: "with the form",
  file: "from a file",
  feed: "from a feed",
  seed: "with the first data of the site",
};

function Signature({ observation }: { observation: Observation }) {
  const { recordedBy, way, integrity, signature } = observation;
  return (
    <section className="mt-10">
      <SectionTitle>Record and signature</SectionTitle>
      <dl className="mt-4 space-y-3 text-sm">
        <Entry name="Recorded">
          {recordedBy === null ? (
            ways[way]
          ) : (
            <>
              by{" "}
              <Link href={`/people/${recordedBy.handle}`} className="text-link">
                {recordedBy.name}
              </Link>{" "}
              {ways[way]}
            </>
          )}
        </Entry>
        <Entry name="Check">
          <IntegrityMark integrity={integrity} />
        </Entry>
        <Entry name="Key" isCode>
          {signature.keyId}
        </Entry>
        <Entry name="Signature (Ed25519)" isCode>
          {signature.signature}
        </Entry>
        <Entry name="Hash" isCode>
          {signature.hash}
        </Entry>
        <Entry name="Hash of the observation before" isCode>
          {signature.previousHash || "none: this is the first one"}
        </Entry>
      </dl>
      <details className="mt-4 text-sm">
        <summary className="cursor-pointer font-semibold">Signed text</summary>
        <p className="mt-2 rounded-sm bg-sunk p-3 font-mono text-xs break-all">{signature.text}</p>
      </details>
    </section>
  );
}

interface EntryProps {
  readonly name: string;
  readonly isCode?: boolean;
  readonly children: ReactNode;
}

function Entry({ name, isCode = false, children }: EntryProps) {
  return (
    <div className="grid gap-x-6 sm:grid-cols-[14rem_1fr]">
      <dt className="text-ink-soft">{name}</dt>
      <dd className={isCode ? "font-mono text-xs break-all" : undefined}>{children}</dd>
    </div>
  );
}
