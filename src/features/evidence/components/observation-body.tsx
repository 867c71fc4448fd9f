import { clearanceWords, observationRef } from "@/lib/evidence/observation.ts";
import { utcTime } from "@/lib/text/utc-time.ts";
import { ForeignLink } from "@/ui/foreign-link.tsx";
import { Link } from "@/ui/link.tsx";
import { LinkHint } from "@/ui/link-hint.tsx";
import type { ObservationEntry } from "../schema.ts";
import { IntegrityMark } from "./integrity-mark.tsx";

interface ObservationBodyProps {
  readonly observation: ObservationEntry;
  /** Path of the evidence log. */
  readonly path: string;
}

/** The statement of an observation with its figures, its source and its times. */
export function ObservationBody({ observation, path }: ObservationBodyProps) {
  const { statement, figures, source, eventAt, ingestedAt, corrects, correctedBy } = observation;
  return (
    <>
      {correctedBy !== null && (
        <p className="mb-1 text-sm font-semibold">
          Corrected by <RefLink number={correctedBy} path={path} />
        </p>
      )}
      {corrects !== null && (
        <p className="mb-1 text-sm">
          Corrects <RefLink number={corrects} path={path} />
        </p>
      )}
      <p className="max-w-[66ch] font-serif text-lg break-words whitespace-pre-line">{statement}</p>
      {figures.length > 0 && (
        <dl className="mt-2 flex flex-wrap gap-x-6 gap-y-1 text-sm">
          {figures.map(({ name, value, unit }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: figures have no id and are never reordered
            <div key={index} className="flex gap-2">
              <dt className="text-ink-soft">{name}</dt>
              <dd className="font-mono">
                {value} {unit}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <p className="mt-2 text-xs text-ink-faint">
        {/* The URL of a broken row can come from an attacker. */}
        {source.url === null || observation.integrity === "broken" ? (
          source.name
        ) : (
          <ForeignLink href={source.url}>{source.name}</ForeignLink>
        )}
        {" · "}event <time dateTime={eventAt}>{utcTime(eventAt)}</time>
        {" · "}ingested <time dateTime={ingestedAt}>{utcTime(ingestedAt)}</time>
        {" · "}
        {clearanceWords[observation.clearance]}
        {" · "}
        <IntegrityMark integrity={observation.integrity} />
      </p>
    </>
  );
}

/** A link to an observation of the same publication, by its name. */
export function RefLink({ number, path }: { readonly number: number; readonly path: string }) {
  const ref = observationRef(number);
  return (
    <Link href={`${path}/${ref}`} className="text-link font-mono text-sm">
      {ref}
      <LinkHint />
    </Link>
  );
}
