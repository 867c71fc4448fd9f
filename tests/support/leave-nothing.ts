import { setTimeout as delay } from "node:timers/promises";
import { afterAll, expect } from "vitest";

/**
 * Fails a test file that leaves a socket, a server or a child process open. It would disturb later files or
 * keep the worker from exiting. Timers are not counted: `pusher-js` keeps one for 30 s after it closes a
 * socket that the broker does not answer.
 *
 * Hooks run in reverse order, so this one, registered first, runs after the hooks of the file.
 */
const ofVitest = ["PipeWrap", "CloseReq", "TTYWrap", "MessagePort", "Immediate"];
const notCounted = new Set([...ofVitest, "Timeout"]);
const open = () => process.getActiveResourcesInfo().filter((kind) => !notCounted.has(kind));

afterAll(async () => {
  // The last closed socket ends only when its peer has answered.
  const deadlineMs = performance.now() + 5_000;
  while (open().length > 0 && performance.now() < deadlineMs) await delay(10);
  expect(open(), "This file leaves these handles open. Close them.").toEqual([]);
}, 20_000);
