const unitsMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * Milliseconds from now until what the SDK wrote: "1h30m", or a moment in ISO 8601.
 *
 * @throws when it is neither.
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
  if (Number.isNaN(moment)) throw new Error(`"${text}" is neither a duration nor a moment.`);
  return Math.max(0, moment - nowMs);
}
