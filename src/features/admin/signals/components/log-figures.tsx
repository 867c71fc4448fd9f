"use client";

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { count } from "@/lib/text/text.ts";
import { RelativeTime } from "@/ui/data/relative-time.tsx";
import { Notice } from "@/ui/notice.tsx";
import { logStateQuery } from "../queries.ts";
import type { LogState, RelayStatus } from "../schema.ts";

/** Delivery of signals: figures, the leader, and the last error. */
export function LogFigures() {
  const { data, error } = useQuery(logStateQuery);
  if (error) return <Notice>{error.message}</Notice>;
  if (data?.delivery.mode === "sse") return <StreamFigures data={data} delivery={data.delivery} />;
  if (data?.delivery.mode === "pull") {
    return (
      <Figures>
        <Figure label="Delivery" value="Off" />
        <Figure label="Pages" value="Update by polling" />
      </Figures>
    );
  }
  return (
    <>
      <Figures>
        <Figure label="Relay" value={data?.relay ? words[data.relay] : undefined} />
        <Figure
          label="Waiting"
          value={data && `${count(data.pending, "signal")}${data.more ? " and more" : ""}`}
        />
        <Figure
          label="Oldest waiting"
          value={data && (data.pending === 0 ? "–" : seconds(data.lagMs))}
        />
        <Figure label="Failed" value={data && count(data.setAside, "signal")} />
      </Figures>
      {data?.delivery.mode === "broker" && <RelayReport data={data} delivery={data.delivery} />}
    </>
  );
}

const words: Readonly<Record<RelayStatus, string>> = {
  healthy: "Relay healthy",
  behind: "Relay behind",
  failing: "Relay failing",
  blocked: "Relay blocked",
  none: "No relay",
};

/** Meaning of each state, and what to do. */
const advice: Readonly<Record<RelayStatus, string | null>> = {
  healthy: null,
  behind: "Signals are delivered late. The broker accepts them slowly.",
  failing: "The broker did not accept the last attempt. The relay retries; nothing is lost.",
  blocked:
    "The broker accepts no signals, so open pages get no live updates. Nothing is lost. Check the broker.",
  none: "No process runs the relay, so open pages get no live updates. Start a process without RELAY=off.",
};

type Of<Mode> = Extract<LogState["delivery"], { readonly mode: Mode }>;
interface ReportProps<Mode> {
  readonly data: LogState;
  readonly delivery: Of<Mode>;
}

function RelayReport({ data: { relay, lastAcceptedAt }, delivery }: ReportProps<"broker">) {
  const { leader, leadingSince, lastError, caughtUpMsAgo, failures } = delivery;
  const tip = relay === null ? null : advice[relay];
  return (
    <>
      {tip !== null && (
        <Notice role="status" className="mt-4">
          {tip}
        </Notice>
      )}
      <ul aria-label="Relay details" className="mt-3 space-y-1 text-sm text-ink-soft">
        <li>
          {leader === null || leadingSince === null ? (
            "No process has reported as leader."
          ) : (
            <>
              {relay === "none" ? "Last leader" : "Leader"}: {leader}, leading since{" "}
              <RelativeTime at={leadingSince} />.
            </>
          )}
        </li>
        <li>
          {caughtUpMsAgo === null
            ? "The backlog has never been empty."
            : `The backlog was empty ${seconds(caughtUpMsAgo)} ago.`}{" "}
          {lastAcceptedAt !== null && (
            <>
              Last success <RelativeTime at={lastAcceptedAt} />.
            </>
          )}
        </li>
        {lastError !== null && (
          <li>
            Last error <RelativeTime at={lastError.at} />
            {failures > 0 && `, ${count(failures, "failure")} in a row`}: {lastError.message}
          </li>
        )}
      </ul>
    </>
  );
}

function StreamFigures({ delivery }: ReportProps<"sse">) {
  const { streams, subscriptions, followers, caughtUpMsAgo, lastError } = delivery;
  return (
    <>
      <Figures>
        <Figure label="Streams" value={`${streams.toLocaleString("en")} open`} />
        <Figure label="Subscriptions" value={count(subscriptions, "subscription")} />
        <Figure
          label="Processes following the log"
          value={count(followers, "process", "processes")}
        />
        <Figure label="This process" value={following(delivery)} />
      </Figures>
      <p className="mt-3 text-sm text-ink-soft">
        Each process follows the log while it has streams, and writes to them. The figures are those
        of this process.{" "}
        {caughtUpMsAgo !== null && `The backlog was empty ${seconds(caughtUpMsAgo)} ago.`}{" "}
        {lastError !== null && `Last error: ${lastError}`}
      </p>
    </>
  );
}

function following({ isFollowing, streams }: Of<"sse">): string {
  if (isFollowing) return "Following";
  return streams === 0 ? "Idle, no stream" : "Not following";
}

const seconds = (ms: number) =>
  `${(ms / 1_000).toLocaleString("en", { maximumFractionDigits: 1 })} s`;

function Figures({ children }: { children: ReactNode }) {
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-4 border-y border-rule py-5 sm:grid-cols-4">
      {children}
    </dl>
  );
}

function Figure({ label, value = "…" }: { label: string; value?: string | undefined }) {
  return (
    <div>
      <dt className="label-caps text-ink-faint">{label}</dt>
      <dd className="mt-1 font-serif text-xl tabular-nums">{value}</dd>
    </div>
  );
}
