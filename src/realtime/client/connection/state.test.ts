import fc from "fast-check";
import { expect, test } from "vitest";
import { type RealtimeState, type StateEvent, transition } from "./state.ts";

const seen = { lastCaughtUpAt: 5 };
const states = {
  idle: { status: "offline", reason: "idle", ...seen },
  noNetwork: { status: "offline", reason: "no-network", ...seen },
  noTransport: { status: "offline", reason: "no-transport", ...seen },
  signedOut: { status: "offline", reason: "signed-out", ...seen },
  closed: { status: "offline", reason: "closed", ...seen },
  connecting: { status: "connecting", ...seen },
  catchingUp: { status: "catching-up", ...seen },
  live: { status: "live", ...seen },
  liveAgain: { status: "live", lastCaughtUpAt: 9 },
  noConnection: { status: "degraded", cause: "connection", ...seen },
  someChannels: { status: "degraded", cause: "channels", ...seen },
} satisfies Record<string, RealtimeState>;
type Name = keyof typeof states;

const events = {
  start: { type: "start" },
  connected: { type: "connected" },
  lost: { type: "lost" },
  behind: { type: "behind" },
  impaired: { type: "impaired" },
  caughtUp: { type: "caught-up", atMs: 9 },
  stopIdle: { type: "stop", reason: "idle" },
  stopNetwork: { type: "stop", reason: "no-network" },
  stopSignedOut: { type: "stop", reason: "signed-out" },
  stopClosed: { type: "stop", reason: "closed" },
} satisfies Record<string, StateEvent>;
type EventName = keyof typeof events;

const stops = {
  stopIdle: "idle",
  stopNetwork: "noNetwork",
  stopSignedOut: "signedOut",
  stopClosed: "closed",
} as const;

/** The complete table. Events that are not listed leave a state unchanged. */
const table: Record<Exclude<Name, "liveAgain">, Partial<Record<EventName, Name>>> = {
  idle: { ...stops, start: "connecting" },
  noNetwork: { ...stops, start: "connecting" },
  noTransport: { stopClosed: "closed" },
  signedOut: { stopClosed: "closed" },
  closed: {},
  connecting: { ...stops, connected: "catchingUp", lost: "noConnection" },
  catchingUp: { ...stops, lost: "noConnection", impaired: "someChannels", caughtUp: "liveAgain" },
  live: {
    ...stops,
    lost: "noConnection",
    impaired: "someChannels",
    behind: "catchingUp",
    caughtUp: "liveAgain",
  },
  noConnection: { ...stops, connected: "someChannels" },
  someChannels: { ...stops, lost: "noConnection", caughtUp: "liveAgain" },
};

const cells = Object.entries(table).flatMap(([from, row]) =>
  (Object.keys(events) as EventName[]).map((event) => ({
    from: from as Name,
    event,
    to: row[event] ?? (from as Name),
  })),
);

test.each(cells)("in $from, $event leads to $to", ({ from, event, to }) => {
  expect(transition(states[from], events[event])).toEqual(states[to]);
});

test("an event that does not apply returns the same object, so that components do not render", () => {
  for (const { from, event, to } of cells) {
    if (from === to) expect(transition(states[from], events[event])).toBe(states[from]);
  }
});

const anyEvents = fc.array(fc.constantFrom(...Object.values(events)), { maxLength: 40 });
const start: RealtimeState = transition(
  { status: "offline", reason: "idle", lastCaughtUpAt: undefined },
  events.stopIdle,
);

test("live is reached only by catching up on a connection, after any sequence of events", () => {
  fc.assert(
    fc.property(anyEvents, (sequence) => {
      let state = start;
      for (const event of sequence) {
        const next = transition(state, event);
        if (next.status === "live" && state.status !== "live") expect(event.type).toBe("caught-up");
        if (event.type === "lost") expect(next.status).not.toBe("live");
        state = next;
      }
    }),
  );
});

test("after any sequence of events the time of the last catch-up is kept, and closed stays closed", () => {
  fc.assert(
    fc.property(anyEvents, anyEvents, (before, after) => {
      const closed = transition(before.reduce<RealtimeState>(transition, start), events.stopClosed);
      expect(after.reduce<RealtimeState>(transition, closed)).toBe(closed);
      let state = start;
      let wasLive = false;
      for (const event of before) {
        state = transition(state, event);
        wasLive ||= state.status === "live";
      }
      if (wasLive) expect(closed.lastCaughtUpAt).toBe(9);
    }),
  );
});
