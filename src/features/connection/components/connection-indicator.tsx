"use client";

import { useRealtimeState } from "querycast/react";
import { Button } from "@/ui/button.tsx";
import { Popover } from "@/ui/popover.tsx";
import { useHydrated } from "@/ui/use-hydrated.ts";
import { describeState } from "./describe-state.ts";
import { InkDrop } from "./ink-drop.tsx";

const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

/** Says honestly how far the page can be trusted to be current, and as of when. */
export function ConnectionIndicator() {
  const state = useRealtimeState();
  const isHydrated = useHydrated();
  const { name, meaning, level, isMoving } = describeState(state);
  if (!isHydrated) return null;
  return (
    <Popover
      className="w-72 p-4 text-sm"
      trigger={
        <Button
          look="bare"
          className="h-10 px-2.5 text-xs"
          data-state-name={state.status}
          aria-label={`Connection: ${name}`}
        >
          <InkDrop level={level} isMoving={isMoving} />
          <span className="max-sm:hidden">{name}</span>
        </Button>
      }
    >
      <p className="font-serif text-lg leading-tight font-semibold">{name}</p>
      <p className="mt-1.5 text-ink-soft">{meaning}</p>
      <p className="mt-3 border-t border-rule pt-3 text-xs text-ink-faint">
        {state.lastCaughtUpAt === undefined
          ? "Read when the page was opened"
          : `Last known to be current at ${clock.format(state.lastCaughtUpAt)}`}
      </p>
    </Popover>
  );
}
