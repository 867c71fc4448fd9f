"use client";

import { cn } from "@/lib/cn.ts";
import { buttonStyle } from "@/ui/forms/button.tsx";
import type { ReactionKind } from "../schema.ts";
import { looks } from "./kinds.ts";

interface ReactionToggleProps {
  readonly kind: ReactionKind;
  readonly count: number;
  readonly isMine: boolean;
  readonly onToggle: () => void;
}

/** One kind with its count. The width is the same for up to two digits, so that nothing beside it moves. */
export function ReactionToggle({ kind, count, isMine, onToggle }: ReactionToggleProps) {
  const { label, Icon } = looks[kind];
  return (
    <button
      type="button"
      aria-pressed={isMine}
      title={label}
      onClick={onToggle}
      className={cn(
        buttonStyle({ look: isMine ? "chosen" : "bare", size: "sm" }),
        "min-w-12 justify-start gap-1.5 px-2 tabular-nums",
      )}
    >
      <Icon aria-hidden className={isMine ? "fill-current/20" : undefined} />
      <span className="sr-only">{label}, </span>
      <span className={count === 0 ? "sr-only" : undefined}>{count}</span>
    </button>
  );
}
