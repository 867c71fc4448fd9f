import Link from "next/link";

const citation = /\[OBS-\d{4,}\]/g;

interface MessageTextProps {
  readonly text: string;
  /** URL of the evidence log that citations lead to. */
  readonly evidencePath: string;
}

/** The text of a message. Citations are links to their observations. */
export function MessageText({ text, evidencePath }: MessageTextProps) {
  const cited = [...text.matchAll(citation)];
  const ends = cited.map(({ index, 0: whole }) => index + whole.length);
  return (
    <p className="mt-1 break-words whitespace-pre-wrap">
      {cited.map(({ index, 0: whole }, order) => (
        <span key={index}>
          {text.slice(ends[order - 1] ?? 0, index)}
          <Link href={`${evidencePath}/${whole.slice(1, -1)}`} className="text-link">
            {whole}
          </Link>
        </span>
      ))}
      {text.slice(ends.at(-1) ?? 0)}
    </p>
  );
}
