import { expect, test } from "vitest";
import { createRandom } from "./random.ts";
import { type Cast, drawStorm } from "./schedule.ts";

const cast: Cast = { people: 12, pages: 6, gists: [3, 4, 5], relays: 2 };
const storm = (seed: number) => drawStorm(createRandom(seed, "storm", 1), cast, 6_000);

test("one seed draws one storm, and another seed another", () => {
  expect(storm(7)).toEqual(storm(7));
  expect(storm(7)).not.toEqual(storm(8));
});

test("in a hundred storms everything happens that can happen", () => {
  const steps = Array.from({ length: 100 }, (_, seed) => storm(seed)).flat();
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
      ...["burst", "close-gist", "deafen", "hide", "leave", "mark-all-read", "mark-read"],
      ...["offline", "open-gist", "reload", "repeat"],
    ].toSorted(),
  );
});
