import type { Random } from "../random.ts";
import { type Ending, faults, type Step, type Timed } from "./fault-schedule.ts";

/** The size of the chat of a world. Steps refer to its members by index. */
export interface ChatCast {
  /** Number of people who write messages. */
  readonly writers: number;
  readonly answers: number;
  /** Indexes of the people whose pages are served by streams. */
  readonly streams: readonly number[];
  /** Indexes of the members who can be removed. */
  readonly removable: readonly number[];
}

/** A part of an answer is written about this often, for the whole schedule. */
const partEveryMs = 60;
const otherEveryMs = 500;
/** Often, so that answers to reads meet rows of the stream. */
const readEveryMs = 50;
/** Few, so that each of them gets many versions. */
const positions = 4;

/** Draws writes into the chat, and faults of the streams that carry its rows, ordered by time. */
export function drawChatSchedule(
  random: Random,
  { writers, answers, streams }: ChatCast,
  lengthMs: number,
): readonly Timed[] {
  const steps = (everyMs: number, draw: () => Step) =>
    Array.from(
      { length: Math.round(lengthMs / everyMs) },
      (): Timed => ({ atMs: random.between(0, lengthMs), step: draw() }),
    );
  const ending = () => random.pick<Ending>(["commit", "commit", "commit", "rollback", "late"]);
  const who = () => random.pick(streams);
  const forMs = () => random.between(100, 3_000);
  return [
    ...steps(partEveryMs, () => ({
      do: "chat-part",
      answer: random.between(0, answers - 1),
      position: random.between(0, positions - 1),
      ending: ending(),
      holdMs: random.between(10, 150),
    })),
    ...steps(readEveryMs, () => ({ do: "read-again", who: who() })),
    ...steps(otherEveryMs, () => ({ do: "chat-say", by: random.between(0, writers - 1) })),
    ...steps(otherEveryMs, () => ({
      do: "line",
      line: { of: "stream", who: who() },
      // Late rows meet newer answers to reads, so lines are slow more often than broken.
      fault: random.chance(0.5) ? "delay" : random.pick(faults),
      forMs: forMs(),
    })),
    ...steps(otherEveryMs, () => ({
      do: random.pick(["offline", "hide", "leave", "reload", "drop-pushes"]),
      who: who(),
      forMs: forMs(),
    })),
  ].sort((a, b) => a.atMs - b.atMs);
}
