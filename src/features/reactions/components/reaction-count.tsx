import type { ReactionKind } from "../schema.ts";
import { looks } from "./kinds.ts";

/** The count of one kind, for viewers who cannot react. */
export function ReactionCount({ kind, count }: { kind: ReactionKind; count: number }) {
  const { label, Icon } = looks[kind];
  return (
    <span title={label} className="inline-flex items-center gap-1.5 tabular-nums">
      <Icon aria-hidden className="size-[1.1em]" />
      <span className="sr-only">{label}, </span>
      {count}
    </span>
  );
}
