import fc from "fast-check";
import { expect, test } from "vitest";
import { createBoundedMap } from "./bounded.ts";

test("an entry used within half the capacity is kept, and its value is right", () => {
  const step = fc.record({ key: fc.integer({ min: 0, max: 30 }), isSet: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const map = createBoundedMap<number>(10);
      const all = new Map<string, number>();
      const recent: string[] = [];
      steps.forEach(({ key, isSet }, index) => {
        const name = String(key);
        if (isSet) {
          map.set(name, index);
          all.set(name, index);
          recent.push(name);
        } else {
          const value = map.get(name);
          if (value !== undefined || recent.slice(-5).includes(name)) {
            expect(value).toBe(all.get(name));
          }
        }
      });
    }),
  );
});

test("beyond the capacity the oldest entries are dropped", () => {
  const map = createBoundedMap<number>(100);
  for (let key = 0; key < 10_000; key += 1) map.set(String(key), key);
  const kept = Array.from({ length: 10_000 }, (_, key) => key).filter(
    (key) => map.get(String(key)) !== undefined,
  );
  expect(kept.length).toBeLessThanOrEqual(100);
  expect(kept.length).toBeGreaterThanOrEqual(50);
});
