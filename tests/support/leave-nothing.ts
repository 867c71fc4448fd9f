import { setTimeout as delay } from "node:timers/promises";
import { afterAll, expect } from "vitest";

/**
 * Fails a test file that leaves something open: a socket, a server, a child process. It would go on while
 * other files run, and fail them or keep the worker from ending. Timers are not counted: `pusher-js` keeps one
 * for 30 s after it closes a socket that the broker does not answer.
 *
 * Hooks run in reverse order, so this one, which is registered first, runs after the file's own.
 */
const ofVitest = ["PipeWrap", "CloseReq", "TTYWrap", "MessagePort", "Immediate"];
const notCounted = new Set([...ofVitest, "Timeout"]);
const open = () => process.getActiveResourcesInfo().filter((kind) => !notCounted.has(kind));

afterAll(async () => {
  // What was closed last needs a moment: a socket ends when its peer has answered.
  const deadlineMs = performance.now() + 5_000;
  while (open().length > 0 && performance.now() < deadlineMs) await delay(10);
  expect(open(), "This file leaves these open. Close what it opens.").toEqual([]);
}, 20_000);
