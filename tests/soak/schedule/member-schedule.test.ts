import { expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { drawMemberSchedule } from "./member-schedule.ts";

test.each([4, 5])(
  "with %i members each round removes two of them until the next round, and another one for a moment",
  (size) => {
    const members = Array.from({ length: size }, (_, index) => 10 + index);
    const roundOf = (round: number) =>
      drawMemberSchedule(createRandom(7, "members", round), members, round, 6_000);
    const lasting = (round: number) =>
      roundOf(round).flatMap(({ step }) =>
        step.do === "remove-member" && step.forMs === null ? [step.who] : [],
      );
    const takenBack = (round: number) =>
      roundOf(round).flatMap(({ step }) => (step.do === "take-back" ? [step.who] : []));
    const brief = (round: number) =>
      roundOf(round).flatMap(({ step }) =>
        step.do === "remove-member" && step.forMs !== null ? [step.who] : [],
      );

    expect(takenBack(1)).toEqual([]);
    for (const round of [1, 2]) {
      const two = lasting(round);
      expect(new Set(two).size).toBe(2);
      expect(takenBack(round + 1)).toEqual(two);
      expect(brief(round)).toHaveLength(1);
      expect(two).not.toContain(brief(round)[0]);
      expect(members).toEqual(expect.arrayContaining([...two, ...brief(round)]));
    }
  },
);
