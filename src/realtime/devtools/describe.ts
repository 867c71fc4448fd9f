import type { StaleCause, TracedSignal, TraceEvent } from "../client/trace.ts";

/** Describes a trace event in one line. */
export function describeEvent(event: TraceEvent): string {
  switch (event.type) {
    case "signal":
      return `${spell(event.signal)} arrived`;
    case "duplicate":
      return `${spell(event.signal)} arrived again and was ignored`;
    case "gap":
      return `${event.channel} has a gap: an unknown part of its signals was missed`;
    case "hand-over":
      return `${event.channel} starts from the cursor of the page`;
    case "poll":
      return "Poll: mounted queries without signals are fetched";
    case "revoked":
      return `${event.channel} was revoked for this viewer`;
    case "purged":
      return `${event.query} was purged with ${event.channel ?? "a denied channel"}`;
    case "held":
      return `${event.query} waits for a mutation of this tab: ${spell(event.signal)}`;
    case "dropped-as-own":
      return `${event.query} already has the change of this tab: ${spell(event.signal)}`;
    case "counted":
      return `${event.query} counted ${spell(event.signal)}`;
    case "upserted":
      return `${event.query} got the rows of ${spell(event.signal)} without a fetch`;
    case "stale":
      return `${event.query} is stale: ${describeCause(event.cause)}`;
    case "postponed":
      return `${event.query} is not fetched now: ${reasons[event.because]}`;
    case "fetch":
      return `${event.query} is fetched: ${describeCauses(event.causes)}`;
    case "settled":
      return `${event.query}: ${outcomes[event.outcome]}`;
  }
}

export const reasons = {
  hidden: "the tab is hidden",
  inactive: "not mounted",
  held: "a mutation of this tab is running",
} as const;

const outcomes = {
  success: "fetched",
  error: "the fetch failed",
  cancelled: "the fetch was cancelled",
} as const;

export function describeCauses(causes: readonly StaleCause[]): string {
  if (causes.length === 0) return "by the application";
  const counts = new Map<string, number>();
  for (const cause of causes) {
    const text = describeCause(cause);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => (count > 1 ? `${text} (${count}×)` : text)).join(", ");
}

function describeCause(cause: StaleCause): string {
  switch (cause.type) {
    case "signal":
      return `${cause.signal.name} on ${cause.signal.channel}`;
    case "gap":
      return `gap on ${cause.channel}`;
    case "poll":
      return "poll, because it gets no signals";
    case "unknown-age":
      return "its data has an unknown age";
    case "kept-rows":
      return "rows arrived during a fetch without a result";
    case "mutation":
      return "a mutation of this tab has settled";
    case "asked":
      return "invalidated by the application";
  }
}

const shortId = 6;

function spell({ name, channel, id, origin }: TracedSignal): string {
  const from = origin === undefined ? "" : `, origin ${origin.slice(0, shortId)}`;
  return `${name} on ${channel} (${id.slice(0, shortId) || "no id"}${from})`;
}

const time = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});

export function describeTime(atMs: number): string {
  return time.format(atMs);
}

/** E.g. "4 s ago" or "3 min ago". */
export function describeAge(atMs: number | undefined, nowMs: number): string {
  if (atMs === undefined) return "–";
  const seconds = Math.max(0, Math.round((nowMs - atMs) / 1_000));
  return seconds < 60 ? `${seconds} s ago` : `${Math.floor(seconds / 60)} min ago`;
}
