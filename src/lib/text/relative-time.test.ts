import { expect, test } from "vitest";
import { longDate, relativeTime, relativeTimeStaysMs, shortDate } from "./relative-time.ts";

const now = Date.UTC(2026, 10, 22, 12);
const minutes = (count: number) => now - count * 60_000;
const hours = (count: number) => minutes(count * 60);

test.each([
  [now, "just now"],
  [now - 44_000, "just now"],
  [now - 46_000, "1 minute ago"],
  [minutes(5), "5 minutes ago"],
  [minutes(49), "49 minutes ago"],
  [minutes(51), "1 hour ago"],
  [hours(21), "21 hours ago"],
  [hours(23), "yesterday"],
  [hours(6 * 24), "6 days ago"],
  [hours(8 * 24), "14 Nov"],
  [Date.UTC(2025, 5, 3), "3 Jun 2025"],
])("the relative time of %j is %j", (at, expected) => {
  expect(relativeTime(at, now)).toBe(expected);
});

test("a time in the future shows as just now", () => {
  expect(relativeTime(now + 90_000, now)).toBe("just now");
});

test("a text that is a date is never updated", () => {
  expect(relativeTimeStaysMs(now, now)).toBe(15_000);
  expect(relativeTimeStaysMs(hours(3), now)).toBe(600_000);
  expect(relativeTimeStaysMs(hours(200), now)).toBeNull();
});

test("a date shows its year only when it is another one", () => {
  expect(shortDate(Date.UTC(2026, 0, 2), now)).toBe("2 Jan");
  expect(shortDate(Date.UTC(2024, 0, 2), now)).toBe("2 Jan 2024");
  expect(longDate(Date.UTC(2026, 0, 2))).toBe("2 January 2026");
});
