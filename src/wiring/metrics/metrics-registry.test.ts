import type { RelayHealth } from "querycast/server";
import { expect, test } from "vitest";
import { createMetrics, type Metrics } from "./metrics-registry.ts";

const health: RelayHealth = {
  state: "leading",
  backlog: 0,
  more: false,
  lagMs: 0,
  attempts: 0,
  lastError: undefined,
  caughtUpMsAgo: 0,
  published: 0,
};

/** Every series with its value, parsed from Prometheus's format. */
async function seriesOf(
  metrics: Metrics,
  relay: RelayHealth | null = null,
  subscriptions: ReadonlyMap<string, number> | null = null,
  streams: number | null = null,
) {
  const lines = (await metrics.text({ relay, relayAgeMs: relay && 0, subscriptions, streams }))
    .split("\n")
    .filter((line) => /^[a-z]/.test(line));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.split(" ").at(-1))]),
  );
}

test("the relay's signals, frames, lag and failures by part are counted", async () => {
  const metrics = createMetrics({ process: false });
  metrics.relayed({ type: "leading" });
  metrics.relayed({ type: "published", signals: 5, frames: 2, lagMs: 30, rows: ["9/1", "9/5"] });
  metrics.relayed({ type: "broker-failed", attempt: 1, retryMs: 5, error: new Error("away") });
  metrics.relayed({ type: "pruned", signals: 7 });
  expect(await seriesOf(metrics)).toMatchObject({
    querycast_signals_published_total: 5,
    querycast_frames_published_total: 2,
    querycast_signals_pruned_total: 7,
    'querycast_publish_lag_seconds_bucket{le="0.025"}': 0,
    'querycast_publish_lag_seconds_bucket{le="0.05"}': 1,
    'querycast_relay_failures_total{part="broker"}': 1,
    'querycast_relay_failures_total{part="database"}': 0,
  });
});

test("responses of the realtime route are counted by decision, result and code", async () => {
  const metrics = createMetrics({ process: false });
  const room = (status: "joined" | "denied") => ({ kind: "room", status });
  metrics.answered({
    type: "join",
    results: [room("joined"), room("joined"), { status: "invalid", kind: undefined }],
  });
  metrics.answered({
    type: "catch-up",
    results: [
      { kind: "room", status: "gap" },
      { kind: "room", status: "replay" },
    ],
  });
  metrics.answered({ type: "sign-in" });
  metrics.answered({ type: "refused", code: "too_many_requests" });
  expect(await seriesOf(metrics)).toMatchObject({
    'querycast_joins_total{kind="room",decision="joined"}': 2,
    'querycast_joins_total{kind="none",decision="invalid"}': 1,
    'querycast_catch_ups_total{kind="room",answer="gap"}': 1,
    'querycast_catch_ups_total{kind="room",answer="replay"}': 1,
    querycast_sign_ins_total: 1,
    'querycast_refusals_total{code="too_many_requests"}': 1,
  });
});

test("state, backlog and lag of the relay are read at each scrape", async () => {
  const metrics = createMetrics({ process: false });
  const blocked = { ...health, state: "blocked", backlog: 12, lagMs: 4_500 } as const;
  expect(await seriesOf(metrics, blocked)).toMatchObject({
    querycast_relay_backlog: 12,
    querycast_relay_lag_seconds: 4.5,
    'querycast_relay_state{state="blocked"}': 1,
    'querycast_relay_state{state="leading"}': 0,
  });
  expect(await seriesOf(metrics, health)).toMatchObject({
    querycast_relay_backlog: 0,
    'querycast_relay_state{state="blocked"}': 0,
    'querycast_relay_state{state="leading"}': 1,
  });
});

test("sent job requests and failed attempts are counted", async () => {
  const metrics = createMetrics({ process: false });
  metrics.jobsHandedOver(3);
  metrics.jobHandOverFailed();
  expect(await seriesOf(metrics)).toMatchObject({
    inkwell_jobs_handed_over_total: 3,
    inkwell_job_hand_over_failures_total: 1,
  });
});

test("pages are counted by how they were answered, from the start", async () => {
  const metrics = createMetrics({ process: false });
  for (const answer of ["passed", "cached", "cached", "busy"] as const)
    metrics.pageAnswered(answer);
  expect(await seriesOf(metrics)).toMatchObject({
    'inkwell_pages_total{answer="passed"}': 1,
    'inkwell_pages_total{answer="cached"}': 2,
    'inkwell_pages_total{answer="busy"}': 1,
    'inkwell_pages_total{answer="too_many_requests"}': 0,
  });
});

test("reports of browsers are summed, and refused reports are counted", async () => {
  const metrics = createMetrics({ process: false });
  metrics.reported({ signals: 10, fetches: 3 });
  metrics.reported({ signals: 1, fetches: 2 });
  metrics.reportRefused();
  expect(await seriesOf(metrics)).toMatchObject({
    querycast_browser_signals_total: 11,
    querycast_browser_fetches_total: 5,
    querycast_browser_reports_refused_total: 1,
  });
});

test("the broker's subscriptions are read at each scrape, and are NaN when it does not report them", async () => {
  const metrics = createMetrics({ process: false });
  const subscriptions = new Map([
    ["private-a.e0", 2],
    ["private-b.e0", 5],
  ]);
  expect(await seriesOf(metrics, null, subscriptions)).toMatchObject({
    querycast_broker_channels: 2,
    querycast_broker_subscriptions: 7,
  });
  expect(await seriesOf(metrics)).toMatchObject({
    querycast_broker_channels: Number.NaN,
    querycast_broker_subscriptions: Number.NaN,
  });
});

test("the number of open streams is read at each scrape, and streams dropped as too slow are counted", async () => {
  const metrics = createMetrics({ process: false });
  expect(await seriesOf(metrics)).toMatchObject({
    querycast_streams_open: Number.NaN,
    querycast_streams_dropped_total: 0,
  });
  metrics.streamDropped();
  metrics.streamDropped();
  expect(await seriesOf(metrics, null, null, 7)).toMatchObject({
    querycast_streams_open: 7,
    querycast_streams_dropped_total: 2,
  });
});
