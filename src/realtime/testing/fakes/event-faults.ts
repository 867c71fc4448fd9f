import type { Clock } from "../../protocol/clock.ts";

/** Faults of events between a broker and its subscribers. Each affects all subscribers alike. */
export interface EventFaults {
  /** Drops the next `count` events, as brokers do for a slow client. Default 1. */
  drop(count?: number): void;
  /** Delivers the next `count` events twice. Default 1. */
  duplicate(count?: number): void;
  /** Collects the next `count` events and delivers them in reverse order. */
  reorder(count: number): void;
  /** Holds back all events. Returns a function that delivers them in order. */
  hold(): () => void;
  /** Delays later events by this time, in order. 0 ends it. @throws {TypeError} without a clock */
  delay(ms: number): void;
  /** Number of events that `drop` and `duplicate` will still affect. */
  pending(): number;
  /** Removes all faults. Events that were held back are delivered. */
  clear(): void;
}

type Plan = "drop" | "duplicate";
type Deliver = () => void;

/** Applies the planned faults to events. */
export function createEventFaults(clock: Clock | undefined): EventFaults & {
  /** Calls `deliver` at once, later, twice or not at all. */
  pass(deliver: Deliver): void;
} {
  const plans: Plan[] = [];
  let reversing: { left: number; readonly gathered: Deliver[] } | undefined;
  let holds = 0;
  let held: Deliver[] = [];
  let delayMs = 0;

  const plan = (what: Plan, count: number) => {
    for (let index = 0; index < count; index += 1) plans.push(what);
  };
  const send = (deliver: Deliver) => {
    if (holds > 0) held.push(deliver);
    else if (delayMs > 0) clock?.after(delayMs, deliver);
    else deliver();
  };

  const flush = () => {
    const late = held;
    held = [];
    for (const deliver of late) deliver();
  };

  return {
    drop: (count = 1) => plan("drop", count),
    duplicate: (count = 1) => plan("duplicate", count),
    reorder: (count) => {
      reversing = { left: count, gathered: reversing?.gathered ?? [] };
    },
    hold: () => {
      holds += 1;
      let isHolding = true;
      return () => {
        if (!isHolding) return;
        isHolding = false;
        holds = Math.max(0, holds - 1);
        if (holds === 0) flush();
      };
    },
    delay: (ms) => {
      if (clock === undefined)
        throw new TypeError("The fake broker needs a clock to delay events.");
      delayMs = ms;
    },
    pending: () => plans.length,
    clear: () => {
      plans.length = 0;
      delayMs = 0;
      holds = 0;
      flush();
      const { gathered } = reversing ?? { gathered: [] };
      reversing = undefined;
      gathered.forEach(send);
    },
    pass: (deliver) => {
      const next = plans.shift();
      if (next === "drop") return;
      const copies = next === "duplicate" ? [deliver, deliver] : [deliver];
      if (reversing === undefined) return copies.forEach(send);
      reversing.gathered.unshift(...copies);
      reversing.left -= 1;
      if (reversing.left > 0) return;
      const { gathered } = reversing;
      reversing = undefined;
      gathered.forEach(send);
    },
  };
}
