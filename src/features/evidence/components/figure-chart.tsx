"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { type FigureName, isSameFigure } from "@/lib/evidence/observation.ts";
import { count } from "@/lib/text/text.ts";
import { utcTime } from "@/lib/text/utc-time.ts";
import { CutNote } from "@/ui/data/cut-note.tsx";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { Choices } from "@/ui/forms/choices.tsx";
import { SectionTitle } from "@/ui/frame/section-title.tsx";
import { figuresShown, valuesShown } from "../limits.ts";
import { type FigureViewer, figuresQuery, valuesQuery } from "../queries.ts";
import { EvidenceViews } from "./evidence-views.tsx";
import { type FigureValue, figuresOf, figureWords, valuesOf } from "./figure-values.ts";
import { IntegrityMark } from "./integrity-mark.tsx";
import { RefLink } from "./observation-body.tsx";

const FigureLines = dynamic(
  () => import("./figure-lines.tsx").then(({ FigureLines: Lines }) => Lines),
  { ssr: false },
);

interface FiguresProps {
  readonly publicationId: string;
  /** Path of the evidence log. */
  readonly path: string;
  /** The chosen figure. Null: the first one. */
  readonly figure: FigureName | null;
  readonly viewer: FigureViewer;
}

/** The figures of a publication's observations, and the values of one over time. New values appear while it is open. */
export function FigureChart({ publicationId, path, figure, viewer }: FiguresProps) {
  const { data: rows, isError, refetch } = useQuery(figuresQuery(publicationId, viewer));
  const figures = figuresOf(rows ?? []);
  const chosen = figure ?? figures[0];
  return (
    <>
      <EvidenceViews
        current="figures"
        hrefs={{
          log: path,
          timeline: `${path}?order=event`,
          figures: `${path}/figures`,
        }}
      />
      {isError && <ReadFailed onRetry={refetch}>The figures could not be loaded.</ReadFailed>}
      {rows === undefined && !isError && <SkeletonList label="Loading the figures" rows={1} />}
      {figures.length > 0 && (
        <Choices
          label="Figures"
          className="mt-3 border-t-0 pt-0"
          choices={figures.map((each) => ({
            href: `${path}/figures?${new URLSearchParams({ ...each })}`,
            label: figureWords(each),
            isCurrent: chosen !== undefined && isSameFigure(each, chosen),
          }))}
        />
      )}
      <CutNote rows={rows} most={figuresShown}>
        The figures with the newest values are shown.
      </CutNote>
      {chosen !== undefined && (
        <Values publicationId={publicationId} path={path} figure={chosen} viewer={viewer} />
      )}
      {rows !== undefined && chosen === undefined && (
        <div className="mt-5">
          <EmptyState title="No figures yet">
            Numbers in observations, such as a delay in minutes, appear here over time.
          </EmptyState>
        </div>
      )}
    </>
  );
}

interface ValuesProps extends FiguresProps {
  readonly figure: FigureName;
}

function Values({ publicationId, path, figure, viewer }: ValuesProps) {
  const query = valuesQuery(publicationId, figure, viewer);
  const { data: rows, isError, refetch } = useQuery(query);
  const values = valuesOf(rows ?? [], figure);
  return (
    <figure className="mt-8">
      {/* The unit is not in capitals, which would change it. */}
      <SectionTitle
        aside={
          <p className="text-xs text-ink-soft">
            {figure.unit !== "" && `in ${figure.unit}, `}times in UTC
          </p>
        }
      >
        {figure.name}
      </SectionTitle>
      {isError && <ReadFailed onRetry={refetch}>The values could not be loaded.</ReadFailed>}
      {rows === undefined && !isError && <SkeletonList label="Loading the values" />}
      {rows !== undefined && (
        <p className="mt-2 text-sm text-ink-soft" role="status">
          {summaryOf(values, figure.unit)}
        </p>
      )}
      {values.length > 0 && (
        <>
          <div aria-hidden className="mt-3 h-64">
            <FigureLines values={values} unit={figure.unit} />
          </div>
          {values.some(({ isValid }) => !isValid) && (
            <p className="mt-2 text-xs text-ink-faint">
              Empty circles are values that were corrected, or whose signature is not verified.
            </p>
          )}
          <details className="mt-3 text-sm">
            <summary className="text-xs text-ink-soft">Show as table</summary>
            <ValueTable values={values} figure={figure} path={path} />
          </details>
        </>
      )}
    </figure>
  );
}

function summaryOf(values: readonly FigureValue[], unit: string): string {
  const valid = values.filter(({ isValid }) => isValid);
  const last = valid.at(-1);
  if (last === undefined) return "No values.";
  const all = count(valid.length, "value");
  const shown = values.length < valuesShown ? all : `The last ${all}`;
  return `${shown}. Last: ${`${last.text} ${unit}`.trim()}, ${utcTime(last.eventAt)}.`;
}

interface ValueTableProps {
  readonly values: readonly FigureValue[];
  readonly figure: FigureName;
  readonly path: string;
}

/** The values of the chart, last event first. */
function ValueTable({ values, figure, path }: ValueTableProps) {
  return (
    <table className="mt-3 w-full text-left">
      <caption className="sr-only">Values of {figureWords(figure)}</caption>
      <thead className="label-caps text-ink-faint">
        <tr>
          <th className="py-1.5 pr-4 font-semibold">Event</th>
          <th className="pr-4 text-right font-semibold">Value</th>
          <th className="font-semibold">Observation</th>
        </tr>
      </thead>
      <tbody>
        {values.toReversed().map(({ number, text, eventAt, correctedBy, integrity }) => (
          <tr key={`${number} ${text}`} className="border-t border-rule align-top">
            <th className="py-1.5 pr-4 font-normal">
              <time dateTime={eventAt}>{utcTime(eventAt)}</time>
            </th>
            <td className="py-1.5 pr-4 text-right whitespace-nowrap tabular-nums">
              {text} {figure.unit}
            </td>
            <td className="py-1.5">
              <RefLink number={number} path={path} />
              {correctedBy !== null && (
                <span className="block">
                  Corrected by <RefLink number={correctedBy} path={path} />
                </span>
              )}
              {integrity !== "verified" && (
                <span className="block">
                  <IntegrityMark integrity={integrity} />
                </span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
