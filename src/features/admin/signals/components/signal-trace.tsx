"use client";

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { count } from "@/lib/text/text.ts";
import { ChannelName } from "@/ui/data/id-name.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { Notice } from "@/ui/notice.tsx";
import { traceQuery } from "../queries.ts";
import type { Trace } from "../schema.ts";
import { SignalIds } from "./signal-ids.tsx";

const clock = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "medium",
  timeStyle: "medium",
  timeZone: "UTC",
});

/** The trace of one signal, from its transaction to its readers. */
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
            ? "The writer gave no correlation ID."
            : `Request or job: ${signal.correlation}.`}
          {signal.origin !== null && ` Mutation: ${signal.origin}.`}
          <span className="block font-mono text-2xs break-all">signal {signal.id}</span>
        </Step>
        {trace.committedAt !== null && <Step title="Committed" at={trace.committedAt} />}
        <Departure trace={trace} />
        <Step title="Catch-up requests" at={null}>
          {trace.catchUps === null
            ? "Not recorded."
            : `${count(trace.catchUps.replays, "replay")} and ${count(trace.catchUps.gaps, "gap")} included it. Counted by this process since ${clock.format(Date.parse(trace.catchUps.since))}.`}
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
        After {count(refusal.attempts, "attempt")}: {refusal.reason}
      </Step>
    );
  }
  if (trace.mode === "sse") {
    return (
      <Step title="Sent to open streams" at={null}>
        Streams do not record the delivery of single signals.
      </Step>
    );
  }
  if (trace.mode === "pull")
    return <Step title="Not delivered: pages update by polling" at={null} />;
  if (status === "pending") return <Step title="Waiting for the relay" at={null} />;
  if (page === null) {
    return (
      <Step title="Relayed" at={null}>
        The time is no longer recorded.
      </Step>
    );
  }
  return (
    <>
      <Step title="Read by the relay" at={page.readAt}>
        Batch with {count(page.signals - 1, "other signal")}, sent as{" "}
        {count(page.frames, "message")}
        {page.attempts > 1 && ` at attempt ${page.attempts}`}
        {page.withheld > 0 && `; ${page.withheld} not sent, because their kind of channel is off`}.
      </Step>
      <Step title="Accepted by the broker" at={page.acceptedAt}>
        {frameWords(travelledWith)}
      </Step>
    </>
  );
}

function frameWords(travelledWith: number | null): string {
  if (travelledWith === null)
    return "A rate limit delayed part of the batch. Which signals shared a message is not recorded.";
  return travelledWith > 0
    ? `In one message with ${count(travelledWith, "other signal")}.`
    : "In its own message.";
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
        <p className="text-xs text-ink-faint">
          <time dateTime={at}>{clock.format(Date.parse(at))}</time>
          {`.${at.slice(20, 23)} UTC`}
        </p>
      )}
      {children && <p className="mt-0.5 max-w-[60ch] text-sm text-ink-soft">{children}</p>}
    </li>
  );
}
