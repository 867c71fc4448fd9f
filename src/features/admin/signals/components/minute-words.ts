/** The time of a minute. */
export const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "short" });

/** A value of a chart; a dash for a minute without one. */
export function valueWords(value: number | null): string {
  return value === null ? "–" : Math.round(value).toLocaleString("en");
}

/** Five ticks from 0 with a step of 1, 2, 5, 10, 20, 50 and so on, of which the last is at least the maximum. */
export function evenTicks(maximum: number): readonly number[] {
  const least = Math.max(1, maximum / 4);
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * ([1, 2, 5].find((each) => each * power >= least) ?? 10);
  return [0, 1, 2, 3, 4].map((each) => each * step);
}
