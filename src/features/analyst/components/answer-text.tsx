import Link from "next/link";
import { parseObservationRef } from "@/lib/evidence/observation.ts";

interface AnswerTextProps {
  readonly text: string;
  /** Path of the evidence log. */
  readonly evidencePath: string;
}

/** The text of an answer, as text, with its citations as links. */
export function AnswerText({ text, evidencePath }: AnswerTextProps) {
  return (
    <p className="my-2 max-w-[66ch] font-serif text-lg break-words whitespace-pre-line">
      {text.split(/(\[OBS-\d+\])/).map((part, index) => {
        const ref = /^\[(OBS-\d+)\]$/.exec(part)?.[1];
        if (ref === undefined || parseObservationRef(ref) === null) return part;
        return (
          <Link
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text are never reordered
            key={index}
            href={`${evidencePath}/${ref}`}
            className="text-link font-mono text-sm"
          >
            [{ref}]
          </Link>
        );
      })}
    </p>
  );
}
