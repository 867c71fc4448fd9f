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

test("whoever is refused is told how long to wait, and may go on after that", async () => {
  const { read } = createVisitorLimits({ readsPerSession: 1, windowS: 10 });
  await read(ada);
  vi.advanceTimersByTime(2_500);
  await expect(read(ada)).rejects.toMatchObject({
    code: "too_many_requests",
    message: "That was a lot at once. Wait 8 seconds and try again; nothing is lost.",
    retryAfterS: 8,
  });
  vi.advanceTimersByTime(7_500);
  await read(ada);
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

test("a visitor who is gone is forgotten", async () => {
  const { read } = createVisitorLimits();
  for (const name of ["a", "b", "c"]) await read({ sessionId: name, address: "" });
  vi.advanceTimersByTime(10_000);
  expect(vi.getTimerCount()).toBe(0);
});
