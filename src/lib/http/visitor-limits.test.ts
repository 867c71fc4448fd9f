import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createVisitorLimits, type Visitor } from "./visitor-limits.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ada: Visitor = { sessionId: "ada", address: "203.0.113.1" };
const bob: Visitor = { sessionId: "bob", address: "203.0.113.1" };
const nobody: Visitor = { sessionId: null, address: "203.0.113.1" };
const somewhere: Visitor = { sessionId: null, address: "203.0.113.2" };

async function passes<Who>(take: (who: Who) => Promise<void>, who: Who, times: number) {
  const outcomes = await Promise.allSettled(Array.from({ length: times }, () => take(who)));
  return outcomes.filter(({ status }) => status === "fulfilled").length;
}

test("a flood of reads is cut off: by session, and without one by address", async () => {
  const { read } = createVisitorLimits({ readsPerSession: 5, readsPerAddress: 8 });
  expect(await passes(read, ada, 300)).toBe(5);
  expect(await passes(read, bob, 3)).toBe(3);
  expect(await passes(read, nobody, 300)).toBe(8);
  expect(await passes(read, somewhere, 1)).toBe(1);
});

test("a refusal has the seconds to wait, after which requests succeed again", async () => {
  const { read } = createVisitorLimits({ readsPerSession: 1, windowS: 10 });
  await read(ada);
  vi.advanceTimersByTime(2_500);
  await expect(read(ada)).rejects.toMatchObject({
    code: "too_many_requests",
    message: "Too many requests. Wait 8 seconds and try again. Nothing is lost.",
    retryAfterS: 8,
  });
  vi.advanceTimersByTime(7_500);
  await read(ada);
});

test("actions are counted apart from reads, and what is refused does not prolong the wait", async () => {
  const { read, action } = createVisitorLimits({ actionsPerSession: 2, readsPerSession: 2 });
  expect(await passes(action, ada, 300)).toBe(2);
  expect(await passes(read, ada, 300)).toBe(2);
  vi.advanceTimersByTime(10_000);
  expect(await passes(action, ada, 300)).toBe(2);
});

test("actions without a session are counted by address, and those of a person over all sessions", async () => {
  const { action, actionOf } = createVisitorLimits({ actionsPerAddress: 2, actionsPerPerson: 3 });
  expect(await passes(action, nobody, 300)).toBe(2);
  expect(await passes(action, somewhere, 1)).toBe(1);
  expect(await passes(action, ada, 1)).toBe(1);
  expect(await passes(actionOf, "ada", 300)).toBe(3);
});

test("one IPv6 network has one allowance", async () => {
  const { read } = createVisitorLimits({ readsPerAddress: 3 });
  const addresses = Array.from({ length: 30 }, (_, n) => `2001:db8:0:1::${n}`);
  const outcomes = await Promise.allSettled(
    addresses.map((address) => read({ sessionId: null, address })),
  );
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
});

test("writes are counted apart from reads, and what is refused does not prolong the wait", async () => {
  const { read, write } = createVisitorLimits({ writesPerPerson: 2, readsPerSession: 2 });
  const writer = { userId: "ada", isNew: false };
  expect(await passes(write, writer, 300)).toBe(2);
  expect(await passes(read, ada, 300)).toBe(2);
  vi.advanceTimersByTime(10_000);
  expect(await passes(write, writer, 300)).toBe(2);
});

test("an account younger than a day writes less, in ten seconds and in an hour", async () => {
  const { write } = createVisitorLimits({ writesOfNewcomer: 2, hourlyWritesOfNewcomer: 3 });
  const newcomer = { userId: "eve", isNew: true };
  expect(await passes(write, newcomer, 5)).toBe(2);
  vi.advanceTimersByTime(10_000);
  expect(await passes(write, newcomer, 5)).toBe(1);
  await expect(write(newcomer)).rejects.toMatchObject({ code: "too_many_requests" });
  vi.advanceTimersByTime(10_000);
  await expect(write(newcomer)).rejects.toThrow(/Wait 60 minutes/);
  vi.advanceTimersByTime(3_600_000);
  expect(await passes(write, newcomer, 5)).toBe(2);
});

test("the hour's allowance of a person ends a flood that keeps within ten seconds' allowance", async () => {
  const { write } = createVisitorLimits({ writesPerPerson: 2, hourlyWritesPerPerson: 5 });
  const writer = { userId: "ada", isNew: false };
  let passed = 0;
  for (let round = 0; round < 10; round += 1) {
    passed += await passes(write, writer, 2);
    vi.advanceTimersByTime(10_000);
  }
  expect(passed).toBe(5);
});

test("counters of an inactive visitor are removed", async () => {
  const { read } = createVisitorLimits();
  for (const name of ["a", "b", "c"]) await read({ sessionId: name, address: "" });
  vi.advanceTimersByTime(10_000);
  expect(vi.getTimerCount()).toBe(0);
});

test("an address can add only so many views of new browsers to one article in a day", async () => {
  const { newView } = createVisitorLimits({ newViewsPerAddress: 3 });
  const counted: string[] = [];
  const view = (articleId: string, address = "203.0.113.1", isNew = true) =>
    newView({ address, articleId }, async () => {
      if (isNew) counted.push(articleId);
      return isNew;
    });
  for (let n = 0; n < 9; n += 1) await view("known", undefined, false);
  await Promise.all(Array.from({ length: 30 }, () => view("known")));
  expect(counted).toHaveLength(3);
  await view("other");
  await view("known", "203.0.113.2");
  expect(counted).toHaveLength(5);
  vi.advanceTimersByTime(86_400_000);
  await view("known");
  expect(counted).toHaveLength(6);
});

test("a view that could not be written takes nothing from the share of an address", async () => {
  const { newView } = createVisitorLimits({ newViewsPerAddress: 1 });
  const from = { address: "203.0.113.1", articleId: "one" };
  const failure = new Error("The database is gone.");
  await expect(newView(from, () => Promise.reject(failure))).rejects.toBe(failure);
  const count = vi.fn(async () => true);
  await newView(from, count);
  expect(count).toHaveBeenCalledTimes(1);
});
