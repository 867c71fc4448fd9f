import { expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { type Cast, drawFaultSchedule } from "./fault-schedule.ts";

const cast: Cast = { people: 12, pages: 6, gists: [3, 4, 5], relays: 2 };
const scheduleOf = (seed: number) =>
  drawFaultSchedule(createRandom(seed, "schedule", 1), cast, 6_000);

test("a seed always draws the same schedule, another seed draws another", () => {
  expect(scheduleOf(7)).toEqual(scheduleOf(7));
  expect(scheduleOf(7)).not.toEqual(scheduleOf(8));
});

test("a hundred schedules contain every kind of step", () => {
  const steps = Array.from({ length: 100 }, (_, seed) => scheduleOf(seed)).flat();
  const seen = new Set(
    steps.flatMap(({ step }) => {
      if (step.do === "line") return [`${step.line.of} ${step.fault}`];
      if (step.do === "broker" || step.do === "relay") return [`${step.do} ${step.how}`];
      return "ending" in step ? [`${step.do} ${step.ending}`] : [step.do];
    }),
  );
  const faults = ["cut", "delay", "freeze", "lose-down", "lose-up", "refuse", "reset"];
  const lines = ["person", "relay-to-broker", "relay-to-postgres"];
  expect([...seen].toSorted()).toEqual(
    [
      ...["comment", "edit", "delete"].flatMap((what) =>
        ["commit", "late", "rollback"].map((ending) => `${what} ${ending}`),
      ),
      ...lines.flatMap((line) => faults.map((fault) => `${line} ${fault}`)),
      ...["broker freeze", "broker kill", "broker restart", "relay stop", "relay terminate"],
      ...["burst", "close-gist", "drop-pushes", "hide", "leave", "mark-all-read", "mark-read"],
      ...["offline", "open-gist", "reload", "repeat"],
    ].toSorted(),
  );
});
