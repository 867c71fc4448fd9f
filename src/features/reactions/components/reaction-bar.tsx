"use client";

import { useCanAct } from "@/ui/data/use-page-status.ts";
import { Notice } from "@/ui/notice.tsx";
import { kinds } from "./kinds.ts";
import { ReactionCount } from "./reaction-count.tsx";
import { ReactionToggle } from "./reaction-toggle.tsx";
import { type ReactionsProps, useReactions } from "./use-reactions.ts";

/** All kinds in a row, for a page. */
export function ReactionBar(props: ReactionsProps) {
  const { given, mine, hasFailed, toggle } = useReactions(props);
  const canAct = useCanAct();
  if (props.viewerId === null || !canAct) {
    return (
      <p className="flex h-8 flex-wrap items-center gap-x-5 text-xs text-ink-faint">
        {kinds.map((kind) => {
          const count = given[kind] ?? 0;
          return count > 0 && <ReactionCount key={kind} kind={kind} count={count} />;
        })}
      </p>
    );
  }
  return (
    <div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset groups the fields of a form, these are buttons */}
      <div role="group" aria-label="Reactions" className="-ml-2 flex flex-wrap gap-1">
        {kinds.map((kind) => (
          <ReactionToggle
            key={kind}
            kind={kind}
            count={given[kind] ?? 0}
            isMine={mine.includes(kind)}
            onToggle={() => toggle(kind)}
          />
        ))}
      </div>
      {hasFailed && (
        <Notice className="mt-3">Your reaction could not be saved. Try once more.</Notice>
      )}
    </div>
  );
}
