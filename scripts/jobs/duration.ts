const unitsMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * Milliseconds from now until a duration such as "1h30m" has passed, or until an ISO 8601 date.
 *
 * @throws when the text is neither.
 */
export function untilMs(text: string, nowMs: number): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g)];
  if (parts.length > 0 && parts.map((part) => part[0]).join("") === text) {
    return parts.reduce(
      (sum, [, amount, unit]) => sum + Number(amount) * (unitsMs[unit ?? ""] ?? 0),
      0,
    );
  }
  const moment = Date.parse(text);
  if (Number.isNaN(moment)) throw new Error(`"${text}" is neither a duration nor a date.`);
  return Math.max(0, moment - nowMs);
}
