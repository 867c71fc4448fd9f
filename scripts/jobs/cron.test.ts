import { expect, test } from "vitest";
import { parseCron } from "./cron.ts";

const at = (text: string) => new Date(`${text}Z`);

test.each([
  ["* * * * *", "2026-03-01T10:11:00", true],
  ["*/5 * * * *", "2026-03-01T10:10:59", true],
  ["*/5 * * * *", "2026-03-01T10:11:00", false],
  ["0 9-17/4 * * 1-5", "2026-03-02T13:00:00", true],
  ["0 9-17/4 * * 1-5", "2026-03-01T13:00:00", false],
  ["30 2 1,15 * *", "2026-03-15T02:30:00", true],
  ["0 0 * * 7", "2026-03-01T00:00:00", true],
  ["0 0 13 * 5", "2026-03-06T00:00:00", true],
])("the schedule %s at %s is due: %s", (expression, moment, due) => {
  expect(parseCron(expression)(at(moment))).toBe(due);
});

test.each(["", "* * * *", "60 * * * *", "*/0 * * * *", "5-2 * * * *", "TZ=Europe/Paris 0 0 * * *"])(
  'the schedule "%s" is refused with an error that contains it',
  (expression) => {
    expect(() => parseCron(expression)).toThrow(`cannot read the schedule "${expression}"`);
  },
);
