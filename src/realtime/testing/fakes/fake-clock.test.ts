import { expect, test } from "vitest";
import { createFakeClock } from "./fake-clock.ts";

test("idleMs returns the time until the next timer", async () => {
  const clock = createFakeClock();
  const ran: number[] = [];
  expect(clock.idleMs()).toBe(Number.POSITIVE_INFINITY);
  clock.after(500, () => ran.push(500));
  clock.after(200, () => ran.push(200));
  expect(clock.idleMs()).toBe(200);
  await clock.advance(clock.idleMs());
  expect(ran).toEqual([200]);
  expect(clock.idleMs()).toBe(300);
  clock.sleep(1_000);
  expect(clock.idleMs()).toBe(0);
  await clock.advance(clock.idleMs());
  expect(ran).toEqual([200, 500]);
});
