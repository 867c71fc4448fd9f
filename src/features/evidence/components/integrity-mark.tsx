import { cn } from "@/lib/cn.ts";
import type { Integrity } from "@/lib/evidence/observation.ts";

const words: Readonly<Record<Integrity, string>> = {
  verified: "Signature verified",
  broken: "Broken: changed after it was signed",
  unknown: "Not verified: signed with an unknown key",
};

/** The result of the check of a signature. */
export function IntegrityMark({ integrity }: { integrity: Integrity }) {
  return (
    <span
      data-integrity={integrity}
      className={cn(integrity === "verified" ? "text-ink-faint" : "font-semibold text-danger")}
    >
      {words[integrity]}
    </span>
  );
}
