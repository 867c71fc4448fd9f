import { Counter, collectDefaultMetrics, Registry } from "prom-client";
import type { RealtimeAnswer, RelayEvent } from "querycast/server";
import type { PageAnswer } from "@/lib/pages/page-gate.ts";
import { createConnectionMetrics } from "./connection-metrics.ts";
import { createRelayMetrics } from "./relay-metrics.ts";
import type { ScrapeValues } from "./scrape-values.ts";

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
  readonly text: (values: ScrapeValues) => Promise<string>;
  readonly contentType: string;
}

/** Counts of a browser since its last report. */
export interface BrowserUsage {
  /** Signals received, counted once per query they concern. */
  readonly signals: number;
  /** Refetches made for them. */
  readonly fetches: number;
}

const pageAnswers: Readonly<Record<PageAnswer, true>> = {
  passed: true,
  cached: true,
  too_many_requests: true,
  busy: true,
};

export interface MetricsOptions {
  /** Memory, event loop and garbage collection of the process. Default true. */
  readonly process?: boolean;
}

export function createMetrics(options: MetricsOptions = {}): Metrics {
  const register = new Registry();
  const registers = [register];
  if (options.process ?? true) collectDefaultMetrics({ register });
  const relay = createRelayMetrics(registers);
  const connections = createConnectionMetrics(registers);

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
  for (const answer of Object.keys(pageAnswers)) pages.inc({ answer }, 0);

  return {
    relayed: relay.relayed,
    answered: connections.answered,
    streamDropped: connections.streamDropped,
    reported: ({ signals, fetches }) => {
      browserSignals.inc(signals);
      browserFetches.inc(fetches);
    },
    reportRefused: () => reportsRefused.inc(),
    reports: async () => ({
      signals: await totalOf(browserSignals),
      fetches: await totalOf(browserFetches),
    }),
    jobsHandedOver: (count) => jobs.inc(count),
    jobHandOverFailed: () => jobFailures.inc(),
    pageAnswered: (answer) => pages.inc({ answer }),
    text: (values) => {
      relay.observe(values);
      connections.observe(values);
      return register.metrics();
    },
    contentType: register.contentType,
  };
}

const totalOf = async (counter: Counter) => (await counter.get()).values[0]?.value ?? 0;
