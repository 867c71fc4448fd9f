import type { Random } from "../random.ts";

/** The size of a world. Steps refer to its members by index. */
export interface Cast {
  readonly people: number;
  readonly pages: number;
  /** Pages that are gists, whose visibility changes. */
  readonly gists: readonly number[];
  readonly relays: number;
}

/** `rollback` rolls back after all statements. `late` commits after transactions that began later. */
export type Ending = "commit" | "rollback" | "late";
export type LineFault = "cut" | "delay" | "freeze" | "lose-down" | "lose-up" | "refuse" | "reset";
/** A TCP connection through a proxy. */
export type Line =
  | { readonly of: "person" | "stream"; readonly who: number }
  | { readonly of: "relay-to-broker" | "relay-to-postgres"; readonly which: number };

/** A step of a schedule, as plain data: it is printed when a run fails. */
export type Step =
  | {
      readonly do: "comment";
      readonly by: number;
      readonly on: number;
      /** Position of the parent comment as a fraction of the thread; null for a comment without parent. */
      readonly answers: number | null;
      readonly ending: Ending;
      readonly holdMs: number;
    }
  | {
      readonly do: "edit" | "delete";
      readonly by: number;
      readonly on: number;
      readonly at: number;
      readonly ending: Ending;
    }
  /** Another version of a part of an answer in the chat. */
  | {
      readonly do: "chat-part";
      readonly answer: number;
      readonly position: number;
      readonly ending: Ending;
      readonly holdMs: number;
    }
  | { readonly do: "chat-say"; readonly by: number }
  | { readonly do: "burst"; readonly by: number; readonly on: number; readonly comments: number }
  | { readonly do: "mark-read" | "mark-all-read"; readonly by: number }
  | { readonly do: "close-gist" | "open-gist"; readonly page: number }
  | { readonly do: "line"; readonly line: Line; readonly fault: LineFault; readonly forMs: number }
  | { readonly do: "broker"; readonly how: "freeze" | "kill" | "restart"; readonly forMs: number }
  | {
      readonly do: "relay";
      readonly which: number;
      readonly how: "stop" | "terminate";
      readonly forMs: number;
    }
  | {
      readonly do: "offline" | "hide" | "leave" | "reload" | "drop-pushes";
      readonly who: number;
      readonly forMs: number;
    }
  /** `forMs`: after this time the person is a member again; null for one who is taken back by a later step. */
  | { readonly do: "remove-member"; readonly who: number; readonly forMs: number | null }
  | { readonly do: "take-back"; readonly who: number }
  /** Reads the texts of the chat again. */
  | { readonly do: "read-again"; readonly who: number }
  /** Publishes the last deliveries again, in reverse order. */
  | { readonly do: "repeat" };

export interface Timed {
  readonly atMs: number;
  readonly step: Step;
}

/** Weights, not probabilities. Most steps are writes, so that every fault affects some. */
const menu: readonly (readonly [weight: number, draw: (random: Random, cast: Cast) => Step])[] = [
  [30, comment],
  [8, (random, cast) => change("edit", random, cast)],
  [4, (random, cast) => change("delete", random, cast)],
  [
    2,
    (random, cast) => ({
      do: "burst",
      by: person(random, cast),
      on: page(random, cast),
      comments: random.between(10, 30),
    }),
  ],
  [4, (random, cast) => ({ do: "mark-read", by: person(random, cast) })],
  [1, (random, cast) => ({ do: "mark-all-read", by: person(random, cast) })],
  [
    3,
    (random, cast) => ({
      do: random.pick(["close-gist", "open-gist"]),
      page: random.pick(cast.gists),
    }),
  ],
  [3, clientFault],
  [3, relayFault],
  [
    1,
    (random) => ({
      do: "broker",
      how: random.pick(["freeze", "kill", "restart"]),
      forMs: random.between(200, 3_000),
    }),
  ],
  [
    2,
    (random, cast) => ({
      do: "relay",
      which: random.between(0, cast.relays - 1),
      how: random.pick(["stop", "terminate"]),
      forMs: random.between(100, 2_500),
    }),
  ],
  [
    4,
    (random, cast) => ({
      do: random.pick(["offline", "hide", "leave", "reload", "drop-pushes"]),
      who: person(random, cast),
      forMs: random.between(100, 3_500),
    }),
  ],
  [1, () => ({ do: "repeat" })],
];

/** Draws a schedule of writes and faults, ordered by time. */
export function drawFaultSchedule(random: Random, cast: Cast, lengthMs: number): readonly Timed[] {
  const bag = menu.flatMap(([weight, draw]) => Array.from({ length: weight }, () => draw));
  const steps = Array.from({ length: Math.round(lengthMs / 60) }, (): Timed => {
    const draw = random.pick(bag);
    return { atMs: random.between(0, lengthMs), step: draw(random, cast) };
  });
  return steps.sort((a, b) => a.atMs - b.atMs);
}

const person = (random: Random, cast: Cast) => random.between(0, cast.people - 1);
const page = (random: Random, cast: Cast) => random.between(0, cast.pages - 1);
const ending = (random: Random): Ending =>
  random.pick(["commit", "commit", "commit", "commit", "rollback", "late"]);

function comment(random: Random, cast: Cast): Step {
  return {
    do: "comment",
    by: person(random, cast),
    on: page(random, cast),
    answers: random.chance(0.4) ? random.next() : null,
    ending: ending(random),
    holdMs: random.between(20, 1_500),
  };
}

function change(what: "edit" | "delete", random: Random, cast: Cast): Step {
  return {
    do: what,
    by: person(random, cast),
    on: page(random, cast),
    at: random.next(),
    ending: ending(random),
  };
}

export const faults: readonly LineFault[] = [
  "cut",
  "delay",
  "freeze",
  "lose-down",
  "lose-up",
  "refuse",
  "reset",
];

function clientFault(random: Random, cast: Cast): Step {
  return {
    do: "line",
    line: { of: "person", who: person(random, cast) },
    fault: random.pick(faults),
    forMs: random.between(100, 4_000),
  };
}

function relayFault(random: Random, cast: Cast): Step {
  return {
    do: "line",
    line: {
      of: random.pick(["relay-to-broker", "relay-to-postgres"] as const),
      which: random.between(0, cast.relays - 1),
    },
    fault: random.pick(faults),
    forMs: random.between(100, 4_000),
  };
}
