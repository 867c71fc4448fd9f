import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { RelayEvent, RelayHealth } from "querycast/server";
import type { ScrapeValues } from "./scrape-values.ts";

const relayStates: readonly RelayHealth["state"][] = [
  "stopped",
  "connecting",
  "standby",
  "leading",
  "blocked",
  "resting",
];
const toSeconds = (durationMs: number) => durationMs / 1000;

/** The metrics of the relay of this process. */
export function createRelayMetrics(registers: Registry[]) {
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
  // A series that exists from the start lets an alert on its rate work the first time.
  for (const part of ["broker", "database"]) failures.inc({ part }, 0);

  return {
    relayed: (event: RelayEvent) => {
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
        case "restored":
          break; // the log reports it
      }
    },
    observe: ({ relay, relayAgeMs }: ScrapeValues) => {
      relayAge.set(relayAgeMs === null ? Number.NaN : toSeconds(relayAgeMs));
      backlog.set(relay?.backlog ?? 0);
      oldest.set(toSeconds(relay?.lagMs ?? 0));
      for (const each of relayStates) state.set({ state: each }, relay?.state === each ? 1 : 0);
    },
  };
}
