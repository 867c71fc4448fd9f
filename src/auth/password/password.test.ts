import { expect, test } from "vitest";
import { hashPassword, verifyPassword } from "./password.ts";

/** CPU time of one run, in µs. */
async function work(run: () => Promise<unknown>): Promise<number> {
  const started = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(started);
  return user + system;
}

test("the right password matches, another does not, and no hash matches nothing", async () => {
  const passwordHash = await hashPassword("paper and ink");
  expect(await verifyPassword(passwordHash, "paper and ink")).toBe(true);
  expect(await verifyPassword(passwordHash, "paper and Ink")).toBe(false);
  expect(await verifyPassword(null, "nobody's password")).toBe(false);
});

test("an unknown e-mail costs no less work than a known one", async () => {
  const passwordHash = await hashPassword("paper and ink");
  let [known, unknown] = [0, 0];
  // In turns, so that a slow moment of the machine is part of both sums.
  for (let round = 0; round < 10; round += 1) {
    known += await work(() => verifyPassword(passwordHash, "wrong"));
    unknown += await work(() => verifyPassword(undefined, "wrong"));
  }
  // Without hashing the ratio would be close to zero. The rest is noise of the machine.
  expect(unknown / known).toBeGreaterThan(0.2);
});
