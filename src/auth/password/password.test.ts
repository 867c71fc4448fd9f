import { expect, test } from "vitest";
import { hashPassword, verifyPassword } from "./password.ts";

/** CPU time of the fastest of five runs: other load on the machine only adds to the rest. */
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
  // Without hashing the ratio would be close to zero. The rest is noise of the machine.
  expect(unknown / known).toBeGreaterThan(0.2);
});
