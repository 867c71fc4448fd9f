import fc from "fast-check";
import { expect, test } from "vitest";
import { limits } from "../../protocol/limits.ts";
import { inBatches } from "./batches.ts";

test("every batch is within the limits of the route, and every item is in one batch, in order", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 2_000 }), { maxLength: 400 });
  fc.assert(
    fc.property(sizes, (items) => {
      const batches = inBatches(items, (size) => size);
      expect(batches.flat()).toEqual(items);
      for (const batch of batches) {
        expect(batch.length).toBeGreaterThan(0);
        expect(batch.length).toBeLessThanOrEqual(limits.channelsPerRequest);
        const bytes = batch.reduce((sum, size) => sum + size, 0);
        expect(bytes).toBeLessThan(limits.requestBytes);
      }
    }),
  );
});
