"use client";

import { useQuery } from "@tanstack/react-query";
import type { TeamViewer } from "@/channels/standing.ts";
import { clearances, clearanceWords, observationRef } from "@/lib/evidence/observation.ts";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { Freshness } from "@/ui/data/freshness.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { buttonStyle } from "@/ui/forms/button.tsx";
import { FilterForm } from "@/ui/forms/filter-form.tsx";
import { Link } from "@/ui/link.tsx";
import { exportedRows } from "../limits.ts";
import { filterParams, observationsQuery } from "../queries.ts";
import type { EvidenceFilter, EvidencePage } from "../schema.ts";
import { EvidenceViews } from "./evidence-views.tsx";
import { ObservationBody, RefLink } from "./observation-body.tsx";

interface EvidenceListProps {
  readonly publicationId: string;
  /** Path of the evidence log. */
  readonly path: string;
  readonly filter: EvidenceFilter;
  readonly viewer: TeamViewer;
}

/** The observations of a publication that the viewer may read, as a log or as a timeline of events. */
export function EvidenceList({ publicationId, path, filter, viewer }: EvidenceListProps) {
  const query = observationsQuery(publicationId, filter, viewer);
  const { data: page, isError, refetch } = useQuery(query);
  const { page: _, ...shown } = filter;
  const href = (change: Partial<Record<keyof EvidenceFilter, string | number>>) =>
    `${path}?${new URLSearchParams({ ...filterParams(shown), ...change } as Record<string, string>)}`;
  const exported = (format: string) =>
    `/api/publications/evidence/export?${new URLSearchParams({ publicationId, ...filterParams(shown), format })}`;
  return (
    <>
      <EvidenceViews
        current={filter.order === "event" ? "timeline" : "log"}
        hrefs={{
          log: href({ order: "ingested" }),
          timeline: href({ order: "event" }),
          figures: `${path}/figures`,
        }}
      />
      <div className="mt-4">
        <FilterForm
          action={path}
          values={{
            ...filterParams(shown),
            eventUntil: filter.eventUntil?.slice(0, 10),
            ingestedUntil: filter.ingestedUntil?.slice(0, 10),
          }}
          fields={[
            {
              name: "order",
              label: "Order",
              choices: [
                { value: "ingested", label: "By ingest" },
                { value: "event", label: "By event" },
              ],
            },
            { name: "words", label: "Words" },
            {
              name: "clearance",
              label: "Clearance",
              choices: [
                { value: "", label: "All" },
                ...clearances.map((value) => ({ value, label: clearanceWords[value] })),
              ],
            },
            { name: "eventUntil", label: "Events until", type: "date" },
            { name: "ingestedUntil", label: "Log as of", type: "date" },
            { name: "before", label: "Before number", hint: "OBS-0042" },
          ]}
        />
      </div>
      <div className="mt-4 flex flex-wrap items-center justify-between gap-3">
        {page === undefined ? <span /> : <Freshness {...page} />}
        <p className="flex gap-2">
          {(["csv", "json"] as const).map((format) => (
            <a
              key={format}
              href={exported(format)}
              download
              className={buttonStyle({ look: "quiet", size: "sm" })}
            >
              Export as {format.toUpperCase()}
            </a>
          ))}
        </p>
      </div>
      <p className="mt-2 text-xs text-ink-faint">
        An exported file has at most {exportedRows.toLocaleString("en")} observations, highest
        number first. A file that was cut names the number to enter in “Before number” for the next
        one.
      </p>
      {isError && <ReadFailed onRetry={refetch}>The observations could not be loaded.</ReadFailed>}
      {page === undefined && !isError && <SkeletonList label="Loading the observations" />}
      {page !== undefined && <Rows page={page} path={path} filter={filter} />}
      {page !== undefined && (page.hasMore || (filter.page ?? 1) > 1) && (
        <nav aria-label="Pages of the list" className="flex justify-between pt-6 text-sm">
          {(filter.page ?? 1) > 1 ? (
            <Link href={href({ page: (filter.page ?? 1) - 1 })} className="text-link">
              Later observations
            </Link>
          ) : (
            <span />
          )}
          {page.hasMore && (
            <Link href={href({ page: (filter.page ?? 1) + 1 })} className="text-link">
              Earlier observations
            </Link>
          )}
        </nav>
      )}
    </>
  );
}

interface RowsProps {
  readonly page: EvidencePage;
  readonly path: string;
  readonly filter: EvidenceFilter;
}

function Rows({ page: { rows }, path, filter }: RowsProps) {
  const isTimeline = filter.order === "event";
  if (rows.length === 0) {
    const isFiltered = Object.keys(filterParams(filter)).length > 1;
    return (
      <div className="mt-5">
        <EmptyState title={isFiltered ? "No observation matches" : "No observations yet"}>
          {isFiltered
            ? "Change or clear the filter to see others."
            : "What members record, and what feeds contain, appears here."}
        </EmptyState>
      </div>
    );
  }
  return (
    <ol
      aria-label="Observations"
      className={
        isTimeline ? "mt-6 space-y-6 border-l border-rule pl-5" : "mt-3 divide-y divide-rule"
      }
    >
      {rows.map((observation) => (
        <li
          key={observation.number}
          id={observationRef(observation.number)}
          className={
            isTimeline
              ? "relative before:absolute before:top-1.5 before:-left-[1.6rem] before:size-2.5 before:rounded-full before:bg-accent"
              : "py-5"
          }
        >
          <p className="mb-1">
            <RefLink number={observation.number} path={path} />
          </p>
          <ObservationBody observation={observation} path={path} />
        </li>
      ))}
    </ol>
  );
}
