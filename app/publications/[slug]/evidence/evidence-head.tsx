import { buttonStyle } from "@/ui/forms/button.tsx";
import { Link } from "@/ui/link.tsx";

interface EvidenceHeadProps {
  /** Path of the evidence log. */
  readonly path: string;
  readonly mayRecord: boolean;
}

/** The title of the views of an evidence log, with a link for those who record. */
export function EvidenceHead({ path, mayRecord }: EvidenceHeadProps) {
  return (
    <div className="mb-6 flex flex-wrap items-center justify-between gap-3">
      <h1 className="font-serif text-2xl font-medium">Evidence</h1>
      {mayRecord && (
        <Link href={`${path}/add`} className={buttonStyle({ size: "sm" })}>
          Record observation
        </Link>
      )}
    </div>
  );
}
