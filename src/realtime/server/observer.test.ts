import { expect, test, vi } from "vitest";
import { settlePromises } from "../testing/fakes/fake-clock.ts";
import { observer } from "./observer.ts";

const broken = new Error("The counter is broken.");
const failing = [
  [
    "throws",
    () => {
      throw broken;
    },
  ],
  ["rejects", async () => Promise.reject(broken)],
] as const;

test("a callback is called at once with the arguments", () => {
  const calls: unknown[] = [];
  observer((...args: readonly unknown[]) => calls.push(args))("a", 1);
  expect(calls).toEqual([["a", 1]]);
});

test.each(failing)("what a callback %s is printed and goes no further", async (_, callback) => {
  const print = vi.spyOn(console, "error").mockImplementation(() => {});
  observer(callback)();
  await settlePromises();
  expect(print.mock.calls).toEqual([[broken]]);
});

test.each(failing)(
  "what a callback %s goes to another one that reads errors",
  async (_, callback) => {
    const errors: unknown[] = [];
    observer(callback, (error) => errors.push(error))();
    await settlePromises();
    expect(errors).toEqual([broken]);
  },
);

test("a missing callback is not called", () => {
  expect(observer(undefined)()).toBeInstanceOf(Promise);
});
