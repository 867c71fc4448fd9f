import { setTimeout as delay } from "node:timers/promises";
import { afterAll, expect } from "vitest";

/**
 * Fails a test file that leaves a timer, socket, server or child process open. An open one would run on during
 * other files, and fail them or keep the worker from ending.
 *
 * Hooks run in reverse order. This hook is registered first, so it runs after the file's own hooks.
 */
const ofVitest = ["PipeWrap", "CloseReq", "TTYWrap", "MessagePort", "Immediate"];
/** Timers are followed one by one: the list of open resources does not show who started them. */
const notCounted = new Set([...ofVitest, "Timeout"]);
const timers = new Map<NodeJS.Timeout, Error>();

const { setTimeout: startTimeout, setInterval: startInterval } = globalThis;
const { clearTimeout: stopTimeout, clearInterval: stopInterval } = globalThis;
const follow = (timer: NodeJS.Timeout) => {
  timers.set(timer, new Error("A timer was started here"));
  return timer;
};
Object.assign(globalThis, {
  setTimeout: Object.assign(
    (run: (...given: unknown[]) => void, ms?: number, ...given: unknown[]) => {
      const timer = startTimeout(() => {
        timers.delete(timer);
        run(...given);
      }, ms);
      return follow(timer);
    },
    startTimeout,
  ),
  setInterval: (...given: Parameters<typeof startInterval>) => follow(startInterval(...given)),
  clearTimeout: (timer: NodeJS.Timeout) => {
    timers.delete(timer);
    stopTimeout(timer);
  },
  clearInterval: (timer: NodeJS.Timeout) => {
    timers.delete(timer);
    stopInterval(timer);
  },
});

/** The stacks of timers that are open. A stack is made here, as that takes much longer than starting a timer. */
const openTimers = () =>
  [...timers]
    .filter(([timer]) => timer.hasRef())
    .map(([, { stack = "" }]) => stack)
    // pusher-js waits 30 s for the broker's close frame after it has closed a socket.
    .filter((stack) => !stack.includes("/pusher-js/"));

const open = () => [
  ...process.getActiveResourcesInfo().filter((kind) => !notCounted.has(kind)),
  ...openTimers(),
];

afterAll(async () => {
  // What was closed last needs a moment: a socket ends when its peer has answered.
  const deadlineMs = performance.now() + 5_000;
  while (open().length > 0 && performance.now() < deadlineMs) await delay(10);
  expect(open(), "This file leaves these open. Close what it opens.").toEqual([]);
}, 20_000);
