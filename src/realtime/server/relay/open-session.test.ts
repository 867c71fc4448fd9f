import { expect, test } from "vitest";
import type { Clock } from "../../protocol/clock.ts";
import type { Broker, RelaySession } from "../ports.ts";
import { createRelay } from "./create-relay.ts";
import { drain } from "./drain.ts";

/** A log whose session opens only when `open` is called, and a clock on which every deadline passes at once. */
function createLateLog() {
  let closed = 0;
  let open = () => {};
  const close = async () => {
    closed += 1;
  };
  const session = { close } as RelaySession;
  const opened = new Promise<RelaySession>((resolve) => {
    open = () => resolve(session);
  });
  const clock: Clock = {
    now: () => 0,
    after: (_ms, run) => {
      const timer = setTimeout(run);
      return () => clearTimeout(timer);
    },
  };
  return { clock, log: { open: () => opened }, open: () => open(), closed: () => closed };
}

const broker = {} as Broker;

test("a drain closes a session that opens after its deadline", async () => {
  const { clock, log, open, closed } = createLateLog();
  await expect(drain({ log, broker, clock })).rejects.toThrow("did not answer");
  open();
  await expect.poll(closed).toBe(1);
});

test("a relay closes a session that opens after its deadline", async () => {
  const { clock, log, open, closed } = createLateLog();
  const failed = new Promise<void>((resolve) => {
    const relay = createRelay({
      log,
      broker,
      clock,
      onEvent: ({ type }) => {
        if (type !== "database-failed") return;
        void relay.stop();
        resolve();
      },
    });
    relay.start();
  });
  await failed;
  open();
  await expect.poll(closed).toBe(1);
});
