"use client";

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { count } from "@/lib/text.ts";
import { ChannelName } from "@/ui/id-name.tsx";
import { Notice } from "@/ui/notice.tsx";
import { SkeletonList } from "@/ui/skeleton.tsx";
import { traceQuery } from "../queries.ts";
import type { Trace } from "../schema.ts";
import { SignalIds } from "./signal-ids.tsx";

const clock = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "medium",
  timeStyle: "medium",
  timeZone: "UTC",
});

/** Where one signal has been, step by step, from the transaction to the readers. */
export function SignalTrace({ place }: { place: string }) {
  const { data: trace, error, isPending } = useQuery(traceQuery(place));
  if (isPending) return <SkeletonList label="Loading the signal" />;
  if (trace === undefined) return <Notice>{error?.message}</Notice>;
  const { signal } = trace;
  return (
    <>
      <p className="text-sm">
        <code className="font-mono">{signal.name}</code> on{" "}
        <ChannelName name={signal.channel} names={trace.names} />
      </p>
      <div className="mt-2">
        <SignalIds ids={signal.ids} names={trace.names} />
      </div>
      <ol className="mt-6 space-y-5 border-l-2 border-rule pl-6">
        <Step title="Written" at={signal.writtenAt}>
          {signal.correlation === null
            ? "By a writer that gave no id."
            : `By request or job ${signal.correlation}.`}
          {signal.origin !== null && ` Its mutation is ${signal.origin}.`}
          <span className="block font-mono text-2xs break-all">signal {signal.id}</span>
        </Step>
        {trace.committedAt !== null && <Step title="Committed" at={trace.committedAt} />}
        <Departure trace={trace} />
        <Step title="Caught up" at={null}>
          {trace.catchUps === null
            ? "Not recorded."
            : `${count(trace.catchUps.replays, "answer")} told of it, ${count(trace.catchUps.gaps, "gap")} covered it; counted by this process since ${clock.format(Date.parse(trace.catchUps.since))}.`}
        </Step>
      </ol>
    </>
  );
}

function Departure({ trace }: { trace: Trace }) {
  const { status, page, travelledWith, refusal } = trace;
  if (refusal !== null) {
    return (
      <Step title="Failed" at={refusal.at}>
        After {count(refusal.attempts, "try", "tries")}: {refusal.reason}
      </Step>
    );
  }
  if (trace.mode === "sse") {
    return (
      <Step title="Sent to open streams" at={null}>
        Streams deliver without a record of each signal.
      </Step>
    );
  }
  if (trace.mode === "pull")
    return <Step title="Not delivered: pages read it by fetching" at={null} />;
  if (status === "pending") return <Step title="Waits for the relay" at={null} />;
  if (page === null) {
    return (
      <Step title="Relayed" at={null}>
        When, is no longer recorded.
      </Step>
    );
  }
  return (
    <>
      <Step title="Read by the relay" at={page.readAt}>
        With {count(page.signals - 1, "other signal")}, sent as {count(page.frames, "frame")}
        {page.attempts > 1 && ` at the ${page.attempts}. try`}
        {page.withheld > 0 &&
          `; ${page.withheld} held back, since their kind of channel is switched off`}
        .
      </Step>
      <Step title="Accepted by the broker" at={page.acceptedAt}>
        {frameWords(travelledWith)}
      </Step>
    </>
  );
}

function frameWords(travelledWith: number | null): string {
  if (travelledWith === null)
    return "Some of them waited for a limit: with which, is not recorded.";
  return travelledWith > 0
    ? `In one frame with ${count(travelledWith, "other")}.`
    : "In a frame of its own.";
}

interface StepProps {
  readonly title: string;
  readonly at: string | null;
  readonly children?: ReactNode;
}

function Step({ title, at, children }: StepProps) {
  return (
    <li>
      <p className="font-semibold">{title}</p>
      {at !== null && (
        <p className="text-xs text-ink-faint tabular-nums">
          <time dateTime={at}>{clock.format(Date.parse(at))}</time>
          {`.${at.slice(20, 23)} UTC`}
        </p>
      )}
      {children && <p className="mt-0.5 max-w-[60ch] text-sm text-ink-soft">{children}</p>}
    </li>
  );
}
