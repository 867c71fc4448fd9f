import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { RealtimeAnswer, RelayEvent, RelayHealth } from "querycast/server";
import type { PageAnswer } from "@/lib/pages/page-gate.ts";

/** What this process counts; Prometheus asks each process for its own. */
export interface Metrics {
  readonly relayed: (event: RelayEvent) => void;
  readonly answered: (answer: RealtimeAnswer) => void;
  readonly streamDropped: () => void;
  readonly jobsHandedOver: (count: number) => void;
  readonly jobHandOverFailed: () => void;
  readonly pageAnswered: (answer: PageAnswer) => void;
  readonly reported: (usage: BrowserUsage) => void;
  readonly reportRefused: () => void;
  /** The sum of what browsers have reported to this process. */
  readonly reports: () => Promise<BrowserUsage>;
  /** Prometheus's text format, with what is so at this moment. */
  readonly text: (moment: Moment) => Promise<string>;
  readonly contentType: string;
}

/** What a browser has counted since its last report. */
export interface BrowserUsage {
  /** Signals, once for each query they concern. */
  readonly signals: number;
  /** Fetches made because of them. */
  readonly fetches: number;
}

export interface Moment {
  /** Of this process; null where it does not relay. */
  readonly relay: RelayHealth | null;
  /** Milliseconds since any process had delivered everything; null if none has, or if it is not known. */
  readonly relayAgeMs: number | null;
  /** Subscriptions by wire name, at the broker; null where it does not tell. */
  readonly audience: ReadonlyMap<string, number> | null;
  /** Streams that are open in this process; null where signals take another way. */
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
    help: "Messages given to the broker for them, after merging.",
    registers,
  });
  const pruned = new Counter({
    name: "querycast_signals_pruned_total",
    help: "Delivered signals deleted from the log by age.",
    registers,
  });
  const setAside = new Counter({
    name: "querycast_signals_set_aside_total",
    help: "Signals the broker refuses for what is in them; an operator has to look.",
    registers,
  });
  const lag = new Histogram({
    name: "querycast_publish_lag_seconds",
    help: "From the oldest commit of a batch to the broker's ok.",
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
    help: "1 for the state the relay of this process is in.",
    labelNames: ["state"],
    registers,
  });
  const relayAge = new Gauge({
    name: "querycast_relay_age_seconds",
    help: "Since any relay had delivered everything; NaN if none has. Above 15 pages poll.",
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
    help: "Answers to what a channel missed.",
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
    help: "Channels somebody listens to, as the broker counts; NaN when it does not tell.",
    registers,
  });
  const subscriptions = new Gauge({
    name: "querycast_broker_subscriptions",
    help: "Subscriptions to them. A browser has one for each channel it looks at.",
    registers,
  });
  const streamsOpen = new Gauge({
    name: "querycast_streams_open",
    help: "Streams this process holds open; NaN where signals take another way.",
    registers,
  });
  const streamsDropped = new Counter({
    name: "querycast_streams_dropped_total",
    help: "Streams ended because their reader was too slow; it comes back and catches up.",
    registers,
  });
  const browserSignals = new Counter({
    name: "querycast_browser_signals_total",
    help: "Signals browsers say they have heard, once for each query they concern.",
    registers,
  });
  const browserFetches = new Counter({
    name: "querycast_browser_fetches_total",
    help: "Fetches they say they made for them; the difference is what they were spared.",
    registers,
  });
  const reportsRefused = new Counter({
    name: "querycast_browser_reports_refused_total",
    help: "Reports that were malformed, too large, too many, or from elsewhere.",
    registers,
  });
  const jobs = new Counter({
    name: "inkwell_jobs_handed_over_total",
    help: "Job requests the runner has taken.",
    registers,
  });
  const jobFailures = new Counter({
    name: "inkwell_job_hand_over_failures_total",
    help: "Attempts to hand jobs over that failed.",
    registers,
  });
  const pages = new Counter({
    name: "inkwell_pages_total",
    help: "Requests for pages, by how they were answered: rendered, from memory, with 429, with 503.",
    labelNames: ["answer"],
    registers,
  });
  // A series that is there from the start makes an alarm on its rate work the first time.
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
          break; // the gauge of states tells
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
          break; // nothing is decided there
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
