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
  published: 0,
};

/** Every series with its value, as Prometheus reads them. */
async function seriesOf(metrics: Metrics, relay: RelayHealth | null = null) {
  const lines = (await metrics.text(relay)).split("\n").filter((line) => /^[a-z]/.test(line));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.split(" ").at(-1))]),
  );
}

test("what the relay does is counted: signals, frames, lag, failures by part", async () => {
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

test("what the one route answers is counted by decision, answer and code", async () => {
  const metrics = createMetrics({ process: false });
  metrics.answered({ type: "join", statuses: ["joined", "joined", "denied"] });
  metrics.answered({ type: "catch-up", statuses: ["gap", "upToDate", "replay"] });
  metrics.answered({ type: "sign-in" });
  metrics.answered({ type: "refused", code: "too_many_requests" });
  expect(await seriesOf(metrics)).toMatchObject({
    'querycast_joins_total{decision="joined"}': 2,
    'querycast_joins_total{decision="denied"}': 1,
    'querycast_catch_ups_total{answer="gap"}': 1,
    'querycast_catch_ups_total{answer="replay"}': 1,
    querycast_sign_ins_total: 1,
    'querycast_refusals_total{code="too_many_requests"}': 1,
  });
});

test("state, backlog and lag of the relay are those of the moment one asks", async () => {
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

test("jobs handed over are counted, and so are failed attempts", async () => {
  const metrics = createMetrics({ process: false });
  metrics.jobsHandedOver(3);
  metrics.jobHandOverFailed();
  expect(await seriesOf(metrics)).toMatchObject({
    inkwell_jobs_handed_over_total: 3,
    inkwell_job_hand_over_failures_total: 1,
  });
});
