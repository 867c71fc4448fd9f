import { Counter, Gauge, type Registry } from "prom-client";
import type { RealtimeAnswer } from "querycast/server";
import type { ScrapeValues } from "./scrape-values.ts";

/** The metrics of the realtime route, of the broker's subscriptions and of streams. */
export function createConnectionMetrics(registers: Registry[]) {
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

  return {
    answered: (answer: RealtimeAnswer) => {
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
    streamDropped: () => streamsDropped.inc(),
    observe: ({ subscriptions: byWireName, streams }: ScrapeValues) => {
      const counts = byWireName === null ? null : [...byWireName.values()];
      occupied.set(counts?.length ?? Number.NaN);
      subscriptions.set(counts?.reduce((sum, count) => sum + count, 0) ?? Number.NaN);
      streamsOpen.set(streams ?? Number.NaN);
    },
  };
}
