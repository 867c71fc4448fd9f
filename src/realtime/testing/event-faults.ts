import type { Clock } from "../client/clock.ts";

/** What may happen to events between a broker and its subscribers. Each hits all subscribers alike. */
export interface EventFaults {
  /** The next `count` events (default 1) reach nobody, as at a consumer that is too slow. */
  drop(count?: number): void;
  /** The next `count` events (default 1) arrive twice. */
  duplicate(count?: number): void;
  /** The next `count` events wait for each other and arrive in reverse order. */
  reorder(count: number): void;
  /** Keeps every event back until what it hands back is called; then they arrive, in order. */
  hold(): () => void;
  /** From now on events arrive this much later, in order. 0 ends it. @throws without a clock */
  delay(ms: number): void;
  /** Faults of `drop` and `duplicate` that have not met their event yet. */
  pending(): number;
  /** Takes all of it back: what was kept arrives now, later events arrive as they are. */
  clear(): void;
}

type Plan = "drop" | "duplicate";
type Deliver = () => void;

/** The way of events through the faults that are planned. */
export function createEventFaults(clock: Clock | undefined): EventFaults & {
  /** Delivers now, later, twice or never. */
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
      if (clock === undefined) throw new TypeError("Give the fake broker a clock to delay events.");
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
