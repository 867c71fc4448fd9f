"use client";

import { useRealtimeState } from "querycast/react";
import { Button } from "@/ui/forms/button.tsx";
import { Popover } from "@/ui/overlays/popover.tsx";
import { useHydrated } from "@/ui/use-hydrated.ts";
import { describeState } from "./describe-state.ts";
import { InkDrop } from "./ink-drop.tsx";
import { useLastRead } from "./use-last-read.ts";
import { useStateAnnouncement } from "./use-state-announcement.ts";

const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

/** Shows whether the page is up to date, and since when. */
export function ConnectionIndicator() {
  const state = useRealtimeState();
  const isHydrated = useHydrated();
  const lastReadAtMs = useLastRead("latest");
  const { name, meaning, level, isMoving } = describeState(state);
  const announcement = useStateAnnouncement(name, isMoving, state.status === "live");
  if (!isHydrated) return null;
  return (
    <>
      <span role="status" className="sr-only">
        {announcement}
      </span>
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
          {lastReadAtMs > 0 && <>Updated {clock.format(lastReadAtMs)}. </>}
          {state.status !== "live" && state.lastCaughtUpAt !== undefined && (
            <>Last live at {clock.format(state.lastCaughtUpAt)}.</>
          )}
        </p>
      </Popover>
    </>
  );
}
