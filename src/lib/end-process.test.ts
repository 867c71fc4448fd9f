import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createEndProcess } from "./end-process.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function createProcess(closePools: () => Promise<unknown> = async () => {}) {
  const done: string[] = [];
  const end = createEndProcess({
    stopBackground: async () => done.push("background"),
    closePools: () => {
      done.push("pools");
      return closePools();
    },
    exit: (code) => done.push(`exit ${code}`),
  });
  return { done, end };
}

test("at a signal the background ends at once, and the pools stay for open requests", async () => {
  const { done, end } = createProcess();
  end("SIGTERM");
  await vi.advanceTimersByTimeAsync(2_900);
  expect(done).toEqual(["background"]);
});

test("a request that is never answered keeps the process for three seconds, no longer", async () => {
  const { done, end } = createProcess();
  end("SIGTERM");
  await vi.advanceTimersByTimeAsync(3_000);
  expect(done).toEqual(["background", "pools", "exit 143"]);
});

test("a transaction that does not end keeps it for half a second more", async () => {
  const { done, end } = createProcess(() => new Promise(() => {}));
  end("SIGINT");
  await vi.advanceTimersByTimeAsync(3_400);
  expect(done).toEqual(["background", "pools"]);
  await vi.advanceTimersByTimeAsync(100);
  expect(done).toEqual(["background", "pools", "exit 130"]);
});

test("a second signal does not start the shutdown again", async () => {
  const { done, end } = createProcess();
  end("SIGTERM");
  end("SIGTERM");
  expect(done).toEqual(["background"]);
});
