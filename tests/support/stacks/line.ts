import { setTimeout as wait } from "node:timers/promises";
import type { ConformanceLine, ConformanceStack } from "querycast/testing";
import { createFaultProxy } from "../servers/fault-proxy.ts";

/** The connection of a stack with real sockets: a fault proxy in front of its broker. */
export async function createLine(target: {
  readonly host: string;
  readonly port: number;
  /** Default: a little more than the timeout of `pusher`. */
  readonly silenceMs?: number;
}): Promise<{
  readonly line: ConformanceLine;
  readonly host: string;
  readonly port: number;
  readonly close: () => Promise<void>;
}> {
  const proxy = await createFaultProxy({ target });
  let isSilent = false;
  return {
    host: proxy.host,
    port: proxy.port,
    close: proxy.close,
    line: {
      cut: proxy.cutAll,
      refuse: async () => {
        await proxy.refuse();
        proxy.cutAll();
      },
      freeze: proxy.freeze,
      silence: () => {
        isSilent = true;
        proxy.blackHole("down");
      },
      lose: async (send) => {
        const before = proxy.lostBytes();
        proxy.blackHole("down");
        await send();
        // Frames are written whole, so the stream still consists of whole frames without this one.
        await untilInRealTime("an event is lost", () => proxy.lostBytes() > before);
        await proxy.heal();
      },
      heal: async () => {
        if (isSilent) proxy.cutAll();
        isSilent = false;
        await proxy.heal();
      },
      sockets: proxy.connections,
      silenceMs: target.silenceMs ?? 16_000,
    },
  };
}

export const systemClock: ConformanceStack["clock"] = {
  now: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Polls every few milliseconds of real time. */
export const untilInRealTime: ConformanceStack["until"] = async (
  what,
  condition,
  withinMs = 10_000,
) => {
  const endMs = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() >= endMs) throw new Error(`Timed out after ${withinMs} ms: ${what}.`);
    await wait(5);
  }
};
