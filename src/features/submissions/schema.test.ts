import { expect, test } from "vitest";
import { isoOfLocal } from "@/lib/text/iso-of-local.ts";
import { takeStepInput } from "./schema.ts";

const schedule = (moment: string) =>
  takeStepInput.safeParse({
    submissionId: "11111111-1111-4111-8111-111111111111",
    step: "schedule",
    note: "",
    scheduledFor: isoOfLocal(moment),
  });

test("a schedule for a year that no date has is refused beside its field", () => {
  expect(schedule("2026-12-24T18:30").error).toBeUndefined();
  const { error } = schedule("202612-01-01T10:00");
  expect(error?.issues.map(({ path, message }) => [path, message])).toEqual([
    [["scheduledFor"], "Enter day and time."],
  ]);
});
