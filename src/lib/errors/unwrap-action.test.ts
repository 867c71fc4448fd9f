import { redirect } from "next/navigation";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { callAction } from "./unwrap-action.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const after = <Value>(ms: number, value: Value) =>
  new Promise<Value>((resolve) => setTimeout(resolve, ms, value));

test("an action that answers within a minute returns its answer", async () => {
  const call = callAction(() => after(59_000, "saved"));
  await vi.advanceTimersByTimeAsync(59_000);
  expect(await call).toBe("saved");
  expect(vi.getTimerCount()).toBe(0);
});

test("an action without an answer fails after a minute, and says that its outcome is unknown", async () => {
  const failure = callAction(() => new Promise(() => {})).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await failure).toMatchObject({
    code: "unavailable",
    message: "The site did not answer. Check whether this was done before you try again.",
  });
});

test("a request that fails is an error with a message, and a redirect is thrown unchanged", async () => {
  const lost = callAction(() => Promise.reject(new TypeError("Failed to fetch")));
  await expect(lost).rejects.toMatchObject({ code: "unavailable" });
  const elsewhere = callAction(async () => redirect("/gists"));
  await expect(elsewhere).rejects.toMatchObject({ digest: expect.stringContaining("/gists") });
});
