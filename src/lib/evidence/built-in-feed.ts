const hourMs = 3_600_000;
/** From one high tide to the next. */
const tideMs = 12.42 * hourMs;
/** Readings that the feed has at a time. */
const readings = 24;

/** A small feed without a network: the level of a harbour, once an hour. Its readings depend on the time alone. */
export function builtInFeed(now: Date): string {
  const lastHour = Math.floor(now.getTime() / hourMs) * hourMs;
  const items = Array.from({ length: readings }, (_, index) => {
    const at = lastHour - (readings - 1 - index) * hourMs;
    const level = (2.4 + 1.3 * Math.sin((2 * Math.PI * at) / tideMs)).toFixed(2);
    return {
      id: String(at / hourMs),
      statement: `The gauge at the ferry harbour read ${level} m.`,
      figures: [{ name: "Water level", value: level, unit: "m" }],
      eventAt: new Date(at).toISOString(),
    };
  });
  return JSON.stringify(items);
}
