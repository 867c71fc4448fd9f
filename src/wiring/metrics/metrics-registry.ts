import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { RealtimeAnswer, RelayEvent, RelayHealth } from "querycast/server";
import type { PageAnswer } from "@/lib/pages/page-gate.ts";

/** The metrics of this process. Prometheus scrapes each process. */
export interface Metrics {
  readonly relayed: (event: RelayEvent) => void;
  readonly answered: (answer: RealtimeAnswer) => void;
  readonly streamDropped: () => void;
  readonly jobsHandedOver: (count: number) => void;
  readonly jobHandOverFailed: () => void;
  readonly pageAnswered: (answer: PageAnswer) => void;
  readonly reported: (usage: BrowserUsage) => void;
  readonly reportRefused: () => void;
  /** The sum of the browser reports to this process. */
  readonly reports: () => Promise<BrowserUsage>;
  /** Prometheus's text format, with the given current values. */
  readonly text: (moment: Moment) => Promise<string>;
  readonly contentType: string;
}

/** Counts of a browser since its last report. */
export interface BrowserUsage {
  /** Signals received, counted once per query they concern. */
  readonly signals: number;
  /** Refetches made for them. */
  readonly fetches: number;
}

export interface Moment {
  /** Health of the relay of this process; null when it does not run one. */
  readonly relay: RelayHealth | null;
  /** Milliseconds since the backlog was empty in any process; null if it never was or is not known. */
  readonly relayAgeMs: number | null;
  /** Subscriptions by wire name at the broker; null when it does not report them. */
  readonly audience: ReadonlyMap<string, number> | null;
  /** Open streams of this process; null with other transports. */
  readonly streams: number | null;
}

const relayStates: readonly RelayHealth["state"][] = [
  "stopped",
  "connecting",
  "standby",
  "leading",
  "blocked",
];
const pageAnswers: Readonly<Record<PageAnswer, true>> = {
  passed: true,
  cached: true,
  too_many_requests: true,
  busy: true,
};
const toSeconds = (durationMs: number) => durationMs / 1000;

export interface MetricsOptions {
  /** Memory, event loop and garbage collection of the process. Default true. */
  readonly process?: boolean;
}

export function createMetrics(options: MetricsOptions = {}): Metrics {
  const register = new Registry();
  const registers = [register];
  if (options.process ?? true) collectDefaultMetrics({ register });

  const signals = new Counter({
    name: "querycast_signals_published_total",
    help: "Signals of the log that the broker has accepted.",
    registers,
  });
  const frames = new Counter({
    name: "querycast_frames_published_total",
    help: "Messages published to the broker for them, after merging.",
    registers,
  });
  const pruned = new Counter({
    name: "querycast_signals_pruned_total",
    help: "Delivered signals deleted from the log by age.",
    registers,
  });
  const setAside = new Counter({
    name: "querycast_signals_set_aside_total",
    help: "Signals whose content the broker refused. They need an operator.",
    registers,
  });
  const lag = new Histogram({
    name: "querycast_publish_lag_seconds",
    help: "From the oldest commit of a batch to the broker's response.",
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  });
  const failures = new Counter({
    name: "querycast_relay_failures_total",
    help: "Attempts that ended with an error of the broker or the database.",
    labelNames: ["part"],
    registers,
  });
  const backlog = new Gauge({
    name: "querycast_relay_backlog",
    help: "Signals read from the log that the broker has not accepted yet.",
    registers,
  });
  const oldest = new Gauge({
    name: "querycast_relay_lag_seconds",
    help: "Age of the oldest of them; 0 without a backlog.",
    registers,
  });
  const state = new Gauge({
    name: "querycast_relay_state",
    help: "1 for the current state of the relay of this process.",
    labelNames: ["state"],
    registers,
  });
  const relayAge = new Gauge({
    name: "querycast_relay_age_seconds",
    help: "Seconds since the backlog was empty; NaN if it never was. Above 15 s pages poll.",
    registers,
  });
  const joins = new Counter({
    name: "querycast_joins_total",
    help: "Decisions whether a viewer may join a channel.",
    labelNames: ["kind", "decision"],
    registers,
  });
  const catchUps = new Counter({
    name: "querycast_catch_ups_total",
    help: "Responses to catch-up requests.",
    labelNames: ["kind", "answer"],
    registers,
  });
  const signIns = new Counter({
    name: "querycast_sign_ins_total",
    help: "Sockets tied to a user.",
    registers,
  });
  const refusals = new Counter({
    name: "querycast_refusals_total",
    help: "Requests of the one route refused as a whole; too_many_requests is the rate limit.",
    labelNames: ["code"],
    registers,
  });
  const occupied = new Gauge({
    name: "querycast_broker_channels",
    help: "Channels with subscriptions, as the broker counts; NaN when it does not report them.",
    registers,
  });
  const subscriptions = new Gauge({
    name: "querycast_broker_subscriptions",
    help: "Subscriptions to them. A browser has one for each channel of its open pages.",
    registers,
  });
  const streamsOpen = new Gauge({
    name: "querycast_streams_open",
    help: "Open streams of this process; NaN with other transports.",
    registers,
  });
  const streamsDropped = new Counter({
    name: "querycast_streams_dropped_total",
    help: "Streams ended because their reader was too slow. The reader reconnects and catches up.",
    registers,
  });
  const browserSignals = new Counter({
    name: "querycast_browser_signals_total",
    help: "Signals that browsers report as received, counted once per query.",
    registers,
  });
  const browserFetches = new Counter({
    name: "querycast_browser_fetches_total",
    help: "Refetches that browsers report for them. The difference is the number of avoided refetches.",
    registers,
  });
  const reportsRefused = new Counter({
    name: "querycast_browser_reports_refused_total",
    help: "Reports that were malformed, too large, too frequent, or from another origin.",
    registers,
  });
  const jobs = new Counter({
    name: "inkwell_jobs_handed_over_total",
    help: "Job requests accepted by the runner.",
    registers,
  });
  const jobFailures = new Counter({
    name: "inkwell_job_hand_over_failures_total",
    help: "Failed attempts to send job requests.",
    registers,
  });
  const pages = new Counter({
    name: "inkwell_pages_total",
    help: "Requests for pages, by how they were answered: rendered, from memory, with 429, with 503.",
    labelNames: ["answer"],
    registers,
  });
  // A series that exists from the start lets an alert on its rate work the first time.
  for (const part of ["broker", "database"]) failures.inc({ part }, 0);
  for (const answer of Object.keys(pageAnswers)) pages.inc({ answer }, 0);

  return {
    relayed: (event) => {
      switch (event.type) {
        case "published":
          signals.inc(event.signals);
          frames.inc(event.frames);
          lag.observe(toSeconds(event.lagMs));
          break;
        case "broker-failed":
          failures.inc({ part: "broker" });
          break;
        case "database-failed":
          failures.inc({ part: "database" });
          break;
        case "pruned":
          pruned.inc(event.signals);
          break;
        case "set-aside":
          setAside.inc();
          break;
        case "leading":
        case "standby":
          break; // covered by the gauge of states
      }
    },
    answered: (answer) => {
      switch (answer.type) {
        case "join":
          for (const { kind = "none", status } of answer.results)
            joins.inc({ kind, decision: status });
          break;
        case "catch-up":
          for (const { kind = "none", status } of answer.results) {
            catchUps.inc({ kind, answer: status });
          }
          break;
        case "sign-in":
          signIns.inc();
          break;
        case "positions":
        case "rollout":
          break; // no decision to count
        case "refused":
          refusals.inc({ code: answer.code });
          break;
      }
    },
    reported: ({ signals: heard, fetches }) => {
      browserSignals.inc(heard);
      browserFetches.inc(fetches);
    },
    reportRefused: () => reportsRefused.inc(),
    reports: async () => ({
      signals: await totalOf(browserSignals),
      fetches: await totalOf(browserFetches),
    }),
    streamDropped: () => streamsDropped.inc(),
    jobsHandedOver: (count) => jobs.inc(count),
    jobHandOverFailed: () => jobFailures.inc(),
    pageAnswered: (answer) => pages.inc({ answer }),
    text: ({ relay, relayAgeMs, audience, streams }) => {
      relayAge.set(relayAgeMs === null ? Number.NaN : toSeconds(relayAgeMs));
      const counts = audience === null ? null : [...audience.values()];
      occupied.set(counts?.length ?? Number.NaN);
      subscriptions.set(counts?.reduce((sum, count) => sum + count, 0) ?? Number.NaN);
      streamsOpen.set(streams ?? Number.NaN);
      backlog.set(relay?.backlog ?? 0);
      oldest.set(toSeconds(relay?.lagMs ?? 0));
      for (const each of relayStates) state.set({ state: each }, relay?.state === each ? 1 : 0);
      return register.metrics();
    },
    contentType: register.contentType,
  };
}

const totalOf = async (counter: Counter) => (await counter.get()).values[0]?.value ?? 0;
