import { expect, test } from "vitest";
import { createFairQueue } from "./fair-queue.ts";

/** A queue whose tasks end when the test ends them. */
function rig(options: { maxWaitingPerOwner?: number; maxWaiting?: number } = {}) {
  const queue = createFairQueue({ concurrency: 1, ...options });
  const started: string[] = [];
  const enders: (() => void)[] = [];
  const add = (owner: string, name: string) =>
    queue.run(owner, async () => {
      started.push(name);
      await new Promise<void>((resolve) => enders.push(resolve));
      return name;
    });
  return { queue, started, add, endFirst: () => enders.shift()?.() };
}

test("an owner with many tasks delays another's by one task at most", async () => {
  const { add, started, endFirst } = rig();
  const all = ["flood 1", "flood 2", "flood 3", "flood 4"].map((name) => add("mallory", name));
  all.push(add("ann", "article"));
  for (const [index, task] of [all[0], all[1], all[4], all[2], all[3]].entries()) {
    await expect.poll(() => started.length).toBe(index + 1);
    endFirst();
    await task;
  }
  expect(started).toEqual(["flood 1", "flood 2", "article", "flood 3", "flood 4"]);
});

test("a task beyond what may wait is refused at once, and one that fails makes room for the next", async () => {
  const { queue, add, started, endFirst } = rig({ maxWaitingPerOwner: 1, maxWaiting: 2 });
  const first = add("a", "1");
  const failing = queue.run("a", () => Promise.reject(new Error("no")));
  expect(await add("a", "over the owner's share")).toBeNull();
  const last = add("b", "2");
  expect(await add("c", "over the whole")).toBeNull();
  endFirst();
  expect(await first).toBe("1");
  await expect(failing).rejects.toThrow("no");
  await expect.poll(() => started).toEqual(["1", "2"]);
  endFirst();
  expect(await last).toBe("2");
});
