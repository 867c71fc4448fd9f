import type { StaleCause, TracedSignal, TraceEvent } from "../client/trace.ts";

/** One line for a person who asks why. */
export function describeEvent(event: TraceEvent): string {
  switch (event.type) {
    case "signal":
      return `${spell(event.signal)} arrived`;
    case "duplicate":
      return `${spell(event.signal)} arrived again and was ignored`;
    case "gap":
      return `${event.channel} has a gap: what was missed cannot be told`;
    case "hand-over":
      return `${event.channel} starts from where the server read the page`;
    case "poll":
      return "Live delivery is down: what is looked at is read";
    case "revoked":
      return `${event.channel} may no longer be read`;
    case "purged":
      return `${event.query} was taken away with ${event.channel ?? "a channel that is denied"}`;
    case "held":
      return `${event.query} waits for a mutation of this tab: ${spell(event.signal)} is its own`;
    case "dropped-as-own":
      return `${event.query} has read what ${spell(event.signal)} of this tab tells`;
    case "counted":
      return `${event.query} counts ${spell(event.signal)}`;
    case "stale":
      return `${event.query} is stale: ${describeCause(event.cause)}`;
    case "postponed":
      return `${event.query} is not read now: ${reasons[event.because]}`;
    case "fetch":
      return `${event.query} is read: ${describeCauses(event.causes)}`;
    case "settled":
      return `${event.query}: ${outcomes[event.outcome]}`;
  }
}

export const reasons = {
  hidden: "the tab is hidden",
  inactive: "nobody looks at it",
  held: "a mutation of this tab runs",
} as const;

const outcomes = {
  success: "read",
  error: "could not be read",
  cancelled: "the read was cancelled",
} as const;

export function describeCauses(causes: readonly StaleCause[]): string {
  if (causes.length === 0) return "the page asked for it";
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
      return `a gap of ${cause.channel}`;
    case "poll":
      return "no signals arrive for it";
    case "unknown-age":
      return "the age of its data is not known";
    case "mutation":
      return "a mutation of this tab has settled";
    case "asked":
      return "the application asked for it";
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

/** "4 s ago", "3 min ago". */
export function describeAge(atMs: number | undefined, nowMs: number): string {
  if (atMs === undefined) return "–";
  const seconds = Math.max(0, Math.round((nowMs - atMs) / 1_000));
  return seconds < 60 ? `${seconds} s ago` : `${Math.floor(seconds / 60)} min ago`;
}
