import type { OperatorContext } from "@/wiring/context-types.ts";
import { relayStatus } from "./relay-status.ts";
import type { LogState, Minute } from "./schema.ts";

const minuteMs = 60_000;
const shownMinutes = 60;
/** Maximum relay pages to read: an hour at one page every 90 ms. */
const pagesAtMost = 40_000;
const pagesPerRead = 5_000;

/** The current delivery, and the figures of the last hour. */
export async function readState(ctx: OperatorContext): Promise<LogState> {
  const { signals, browserReports } = ctx;
  const [delivery, { lastAcceptedAt, ...backlog }, browsers, minutes] = await Promise.all([
    ctx.delivery(),
    signals.backlog(),
    browserReports(),
    lastHour(signals, Date.now()),
  ]);
  // With streams signals have no mark of delivery, and with polling there is no relay, so nothing is
  // pending.
  const isMarked = delivery.mode === "broker";
  return {
    ...backlog,
    ...(!isMarked && { pending: 0, more: false, lagMs: 0 }),
    delivery,
    relay: isMarked ? relayStatus(backlog, delivery) : null,
    browsers,
    lastAcceptedAt: lastAcceptedAt?.toISOString() ?? null,
    minutes,
  };
}

async function lastHour(
  signals: OperatorContext["signals"],
  nowMs: number,
): Promise<readonly Minute[]> {
  const thisMinute = Math.floor(nowMs / minuteMs) * minuteMs;
  const first = thisMinute - (shownMinutes - 1) * minuteMs;
  const sums = new Map<number, { signals: number; frames: number; readonly times: number[] }>();
  let before: string | undefined;
  for (let seen = 0; seen < pagesAtMost; seen += pagesPerRead) {
    const pages = await signals.pages({ limit: pagesPerRead, ...(before ? { before } : {}) });
    for (const page of pages) {
      const minute = Math.floor(page.acceptedAt.getTime() / minuteMs) * minuteMs;
      const sum = sums.get(minute) ?? { signals: 0, frames: 0, times: [] };
      sum.signals += page.signals;
      sum.frames += page.frames;
      sum.times.push(page.acceptedAt.getTime() - page.readAt.getTime());
      sums.set(minute, sum);
    }
    const oldest = pages.at(-1);
    if (pages.length < pagesPerRead || oldest === undefined) break;
    if (oldest.acceptedAt.getTime() < first) break;
    before = oldest.page;
  }
  return Array.from({ length: shownMinutes }, (_, index) => {
    const at = first + index * minuteMs;
    const sum = sums.get(at);
    const times = sum?.times.sort((one, other) => one - other) ?? [];
    return {
      at: new Date(at).toISOString(),
      signals: sum?.signals ?? 0,
      frames: sum?.frames ?? 0,
      medianMs: percentile(times, 0.5),
      p95Ms: percentile(times, 0.95),
    };
  });
}

/** The value below which the share of the sorted values lies; null without values. */
function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.ceil(sorted.length * share) - 1] ?? null;
}
