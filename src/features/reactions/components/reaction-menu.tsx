"use client";

import { cn } from "@/lib/cn.ts";
import { count } from "@/lib/text/text.ts";
import { Button } from "@/ui/forms/button.tsx";
import { SmilePlus } from "@/ui/icons.ts";
import { Popover } from "@/ui/overlays/popover.tsx";
import type { ReactionCounts } from "../schema.ts";
import { kinds, looks } from "./kinds.ts";
import { ReactionToggle } from "./reaction-toggle.tsx";
import { type ReactionsProps, useReactions } from "./use-reactions.ts";

interface ReactionMenuProps extends ReactionsProps {
  /** Author of the comment, for screen readers. */
  readonly authorName: string;
}

/** One line for a comment: the given kinds and their total, with all kinds behind a button. */
export function ReactionMenu({ authorName, ...props }: ReactionMenuProps) {
  const { given, mine, hasFailed, toggle } = useReactions(props);
  const total = totalOf(given);
  if (props.viewerId === null) {
    return (
      total > 0 && (
        <p className="mt-1 flex h-7 items-center gap-1.5 text-xs text-ink-faint tabular-nums">
          <Given counts={given} />
          {total}
          <span className="sr-only"> reactions</span>
        </p>
      )
    );
  }
  return (
    <>
      <Popover
        trigger={
          <Button
            look="bare"
            size="inline"
            className={cn("gap-1.5 tabular-nums", mine.length > 0 && "text-accent")}
          >
            {total === 0 ? <SmilePlus aria-hidden /> : <Given counts={given} />}
            {total === 0 ? "React" : total}
            <span className="sr-only">
              {total === 0 ? "" : ` ${count(total, "reaction").replace(/^\S+ /, "")}, react`}
              {` to ${authorName}’s comment`}
            </span>
          </Button>
        }
      >
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset groups the fields of a form, these are buttons */}
        <div role="group" aria-label="Reactions" className="grid grid-cols-3 gap-1">
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
      </Popover>
      {hasFailed && (
        <span role="alert" className="self-center text-xs text-danger">
          The reaction was not saved. Try again.
        </span>
      )}
    </>
  );
}

const totalOf = (counts: ReactionCounts) =>
  kinds.reduce((sum, kind) => sum + (counts[kind] ?? 0), 0);

/** The most frequent kinds, at most three. */
function Given({ counts }: { counts: ReactionCounts }) {
  const most = kinds
    .filter((kind) => (counts[kind] ?? 0) > 0)
    .sort((one, other) => (counts[other] ?? 0) - (counts[one] ?? 0))
    .slice(0, 3);
  return (
    <span aria-hidden className="inline-flex gap-0.5">
      {most.map((kind) => {
        const { Icon } = looks[kind];
        return <Icon key={kind} className="size-[1.1em]" />;
      })}
    </span>
  );
}
