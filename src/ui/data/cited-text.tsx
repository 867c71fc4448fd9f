import { Fragment } from "react";
import { parseObservationRef } from "@/lib/evidence/observation.ts";
import { Link } from "../link.tsx";

interface CitedTextProps {
  readonly text: string;
  /** Path of the evidence log. */
  readonly evidencePath: string;
  readonly className?: string;
}

/** A text in which citations of observations, such as `[OBS-0042]`, are links. */
export function CitedText({ text, evidencePath, className }: CitedTextProps) {
  const citations = [...text.matchAll(/\[(OBS-\d+)\]/g)].filter(
    ([, ref = ""]) => parseObservationRef(ref) !== null,
  );
  const endOf = (order: number) => {
    const { index, 0: whole } = citations[order] ?? { index: 0, 0: "" };
    return index + whole.length;
  };
  return (
    <p className={className}>
      {citations.map(({ index, 1: ref }, order) => (
        <Fragment key={index}>
          {text.slice(endOf(order - 1), index)}
          <Link
            href={`${evidencePath}/${ref}`}
            className="text-link font-mono text-sm whitespace-nowrap"
          >
            [{ref}]
          </Link>
        </Fragment>
      ))}
      {text.slice(endOf(citations.length - 1))}
    </p>
  );
}
