import type { Random } from "../random.ts";
import type { Timed } from "./fault-schedule.ts";

/**
 * Draws removals of members of the chat. In each round two members are removed until the next round, and one for a
 * moment.
 *
 * @param members indexes of the people who can be removed
 */
export function drawMemberSchedule(
  random: Random,
  members: readonly number[],
  round: number,
  lengthMs: number,
): readonly Timed[] {
  const member = (turn: number) => members[turn % members.length] ?? 0;
  const lasting = (of: number) => [member(2 * of - 2), member(2 * of - 1)];
  const between = (from: number, to: number) =>
    random.between(Math.round(from * lengthMs), Math.round(to * lengthMs));
  return [
    ...(round === 1 ? [] : lasting(round - 1)).map(
      (who): Timed => ({ atMs: between(0, 0.3), step: { do: "take-back", who } }),
    ),
    ...lasting(round).map(
      (who): Timed => ({
        atMs: between(0.3, 0.7),
        step: { do: "remove-member", who, forMs: null },
      }),
    ),
    {
      atMs: between(0, 0.7),
      step: { do: "remove-member", who: member(2 * round), forMs: random.between(100, 1_500) },
    },
  ];
}
