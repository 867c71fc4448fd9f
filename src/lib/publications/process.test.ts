import { expect, test } from "vitest";
import { type Permission, permissions } from "./permissions.ts";
import {
  isPossible,
  progressOf,
  type SubmissionState,
  stepNames,
  steps,
  stepsFor,
  submissionStates,
} from "./process.ts";

/** The steps that exist from each state, for an actor with all permissions. */
const table: Readonly<Record<SubmissionState, readonly string[]>> = {
  draft: ["submit", "withdraw"],
  submitted: ["start-review", "withdraw"],
  in_review: ["request-changes", "approve", "withdraw"],
  changes_requested: ["resubmit", "withdraw"],
  resubmitted: ["start-review", "withdraw"],
  approved: ["review-again", "schedule", "publish", "withdraw"],
  scheduled: ["review-again", "publish", "withdraw"],
  published: [],
  withdrawn: [],
};

test.each(submissionStates)("from %s exactly the steps of the table are possible", (state) => {
  expect(stepNames.filter((name) => isPossible(name, state))).toEqual(table[state]);
});

test.each(submissionStates)("in %s an author takes the author's steps only", (state) => {
  const taken = stepsFor(state, { isAuthor: true, permissions });
  expect(taken).toEqual(table[state].filter((name) => /submit|withdraw/.test(name)));
});

test.each(permissions)("a member with %s alone takes the steps of that permission only", (held) => {
  for (const state of submissionStates) {
    for (const name of stepsFor(state, { isAuthor: false, permissions: [held] })) {
      expect(steps[name].by).toBe(held);
    }
  }
});

test("reading all submissions gives no step", () => {
  const permissionsOfModerator: readonly Permission[] = ["submissions.read"];
  for (const state of submissionStates) {
    expect(stepsFor(state, { isAuthor: false, permissions: permissionsOfModerator })).toEqual([]);
  }
});

test("nothing is published without an approval: each way to it leads through a review", () => {
  const before = (state: SubmissionState): readonly SubmissionState[] =>
    Object.values(steps)
      .filter(({ to }) => to === state)
      .flatMap(({ from }): readonly SubmissionState[] => from);
  expect(new Set(before("published"))).toEqual(new Set(["approved", "scheduled"]));
  expect(before("scheduled")).toEqual(["approved"]);
  expect(before("approved")).toEqual(["in_review"]);
});

test("the progress marks the stages before the current one as done", () => {
  expect(progressOf("changes_requested").map(({ is }) => is)).toEqual([
    "done",
    "done",
    "current",
    "ahead",
    "ahead",
  ]);
  expect(progressOf("published").every(({ is }) => is === "done")).toBe(true);
  expect(progressOf("withdrawn").every(({ is }) => is === "ahead")).toBe(true);
});
