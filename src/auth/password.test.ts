import { expect, test } from "vitest";
import { hashPassword, verifyPassword } from "./password.ts";

/** CPU of the cheapest of five runs: whatever else the machine does only adds to the others. */
async function work(run: () => Promise<unknown>): Promise<number> {
  const runs: number[] = [];
  for (let n = 0; n < 5; n += 1) {
    const started = process.cpuUsage();
    await run();
    runs.push(process.cpuUsage(started).user);
  }
  return Math.min(...runs);
}

test("the right password matches, another does not, and no hash matches nothing", async () => {
  const passwordHash = await hashPassword("paper and ink");
  expect(await verifyPassword(passwordHash, "paper and ink")).toBe(true);
  expect(await verifyPassword(passwordHash, "paper and Ink")).toBe(false);
  expect(await verifyPassword(null, "nobody's password")).toBe(false);
});

test("an unknown e-mail costs no less work than a known one", async () => {
  const passwordHash = await hashPassword("paper and ink");
  const known = await work(() => verifyPassword(passwordHash, "wrong"));
  const unknown = await work(() => verifyPassword(undefined, "wrong"));
  // An answer without any hashing would cost next to nothing; what lies between is the machine's.
  expect(unknown / known).toBeGreaterThan(0.2);
});
