import fc from "fast-check";
import { expect, test } from "vitest";
import { includes, type Stage } from "./stage.ts";

const reader = (id: string) => ({ id, isStaff: false });
const staff = (id: string) => ({ id, isStaff: true });
const percent = (value: number): Stage => ({ status: "percent", percent: value });
const subject = fc.constantFrom("phase 1", "phase 2", "kind resource");

test("off includes no viewer, on includes all, and staff includes only staff", () => {
  fc.assert(
    fc.property(fc.uuid(), subject, (id, what) => {
      for (const person of [reader(id), staff(id)]) {
        expect(includes({ status: "off" }, what, person)).toBe(false);
        expect(includes({ status: "on" }, what, person)).toBe(true);
        expect(includes({ status: "staff" }, what, person)).toBe(person.isStaff);
      }
    }),
  );
});

test("F5 a viewer stays included while the percentage grows, and staff are always included", () => {
  const percentage = fc.double({ min: 0, max: 100, noNaN: true });
  fc.assert(
    fc.property(fc.uuid(), subject, percentage, percentage, (id, what, one, other) => {
      const [low, high] = [Math.min(one, other), Math.max(one, other)];
      if (includes(percent(low), what, reader(id))) {
        expect(includes(percent(high), what, reader(id))).toBe(true);
      }
      expect(includes(percent(low), what, staff(id))).toBe(true);
      expect(includes(percent(0), what, reader(id))).toBe(false);
      expect(includes(percent(100), what, reader(id))).toBe(true);
    }),
  );
});

const ids = Array.from({ length: 10_000 }, (_, index) => `user-${index}`);
const among = (value: number, what: string) =>
  new Set(ids.filter((id) => includes(percent(value), what, reader(id))));

test.each([1, 5, 20, 50, 90])("%i % include about that share of 10,000 viewers", (value) => {
  const expected = ids.length * (value / 100);
  // Five standard deviations: a uniform hash exceeds this once in two million runs.
  const tolerance = 5 * Math.sqrt(expected * (1 - value / 100));
  expect(Math.abs(among(value, "phase 2").size - expected)).toBeLessThan(tolerance);
});

test("phases select viewers independently", () => {
  const [two, three] = [among(10, "phase 2"), among(10, "phase 3")];
  const both = [...two].filter((id) => three.has(id)).length;
  expect(both).toBeGreaterThan(50); // about 100 of 1,000 if independent
  expect(both).toBeLessThan(150);
});
