import type { Random } from "./random.ts";

/** Who takes part, by number. */
export interface Cast {
  readonly people: number;
  readonly pages: number;
  /** Pages that are gists: their owners make them private and public again. */
  readonly gists: readonly number[];
  readonly relays: number;
}

/** `rollback` does everything and takes it back; `late` commits after others that began later. */
export type Ending = "commit" | "rollback" | "late";
export type LineFault = "cut" | "delay" | "freeze" | "lose-down" | "lose-up" | "refuse" | "reset";
/** One TCP line with a proxy in it. */
export type Line =
  | { readonly of: "person"; readonly who: number }
  | { readonly of: "relay-to-broker" | "relay-to-postgres"; readonly which: number };

/** What happens, as plain data: it is printed when a run fails. */
export type Step =
  | {
      readonly do: "comment";
      readonly by: number;
      readonly on: number;
      /** Which comment of the page is answered, as a fraction of its thread; null for none. */
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
      readonly do: "offline" | "hide" | "leave" | "reload" | "deafen";
      readonly who: number;
      readonly forMs: number;
    }
  /** What the broker was given last is given to it again, out of order. */
  | { readonly do: "repeat" };

export interface Timed {
  readonly atMs: number;
  readonly step: Step;
}

/** Weights, not probabilities: writes are many, so that every fault hits some. */
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
      do: random.pick(["offline", "hide", "leave", "reload", "deafen"]),
      who: person(random, cast),
      forMs: random.between(100, 3_500),
    }),
  ],
  [1, () => ({ do: "repeat" })],
];

/** One storm: what happens when, in order of time. */
export function drawStorm(random: Random, cast: Cast, lengthMs: number): readonly Timed[] {
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

const faults: readonly LineFault[] = [
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
