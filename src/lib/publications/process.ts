import type { Permission } from "./permissions.ts";

/** The states of a submission. A trigger refuses all transitions that are not in `steps`. */
export const submissionStates = [
  "draft",
  "submitted",
  "in_review",
  "changes_requested",
  "resubmitted",
  "approved",
  "scheduled",
  "published",
  "withdrawn",
] as const;

export type SubmissionState = (typeof submissionStates)[number];

/** What a task asks for. */
export const taskKinds = ["submit", "review", "revise", "approve", "publish"] as const;

export type TaskKind = (typeof taskKinds)[number];

/** One step of the editorial process. */
export interface Step {
  readonly from: readonly SubmissionState[];
  readonly to: SubmissionState;
  /** The author, or a member with this permission who is not the author. */
  readonly by: "author" | Permission;
}

export const steps = {
  submit: { from: ["draft"], to: "submitted", by: "author" },
  resubmit: { from: ["changes_requested"], to: "resubmitted", by: "author" },
  "start-review": { from: ["submitted", "resubmitted"], to: "in_review", by: "submissions.review" },
  "request-changes": { from: ["in_review"], to: "changes_requested", by: "submissions.review" },
  approve: { from: ["in_review"], to: "approved", by: "submissions.approve" },
  "review-again": { from: ["approved", "scheduled"], to: "in_review", by: "submissions.review" },
  schedule: { from: ["approved"], to: "scheduled", by: "submissions.publish" },
  publish: { from: ["approved", "scheduled"], to: "published", by: "submissions.publish" },
  withdraw: {
    from: [
      "draft",
      "submitted",
      "in_review",
      "changes_requested",
      "resubmitted",
      "approved",
      "scheduled",
    ],
    to: "withdrawn",
    by: "author",
  },
} as const satisfies Readonly<Record<string, Step>>;

export type StepName = keyof typeof steps;

export const stepNames = Object.keys(steps) as readonly StepName[];

/** The viewer of a submission. */
export interface Actor {
  readonly isAuthor: boolean;
  readonly permissions: readonly Permission[];
}

/** Whether a step exists from a state, for any actor. */
export function isPossible(name: StepName, state: SubmissionState): boolean {
  return (steps[name].from as readonly SubmissionState[]).includes(state);
}

/** Whether the actor has the right to a step. Reading a submission gives no right to any step. */
export function isAllowed(name: StepName, { isAuthor, permissions }: Actor): boolean {
  const { by } = steps[name];
  return by === "author" ? isAuthor : !isAuthor && permissions.includes(by);
}

/** The steps that the actor can take now, in the order of the process. */
export function stepsFor(state: SubmissionState, actor: Actor): readonly StepName[] {
  return stepNames.filter((name) => isPossible(name, state) && isAllowed(name, actor));
}

/** The stages that a page shows as progress, with the states that belong to each. */
const stages: readonly { readonly label: string; readonly states: readonly SubmissionState[] }[] = [
  { label: "Draft", states: ["draft"] },
  { label: "Submitted", states: ["submitted", "resubmitted"] },
  { label: "Review", states: ["in_review", "changes_requested"] },
  { label: "Approved", states: ["approved", "scheduled"] },
  { label: "Published", states: ["published"] },
];

/** The stages of the process, each before, at or after the current one. A withdrawn submission has none. */
export function progressOf(
  state: SubmissionState,
): readonly { readonly label: string; readonly is: "done" | "current" | "ahead" }[] {
  const at = stages.findIndex(({ states }) => states.includes(state));
  return stages.map(({ label }, index) => {
    if (at === -1 || index > at) return { label, is: "ahead" };
    return { label, is: index < at || state === "published" ? "done" : "current" };
  });
}

export const stateWords: Readonly<Record<SubmissionState, string>> = {
  draft: "Draft",
  submitted: "Submitted",
  in_review: "In review",
  changes_requested: "Changes requested",
  resubmitted: "Resubmitted",
  approved: "Approved",
  scheduled: "Scheduled",
  published: "Published",
  withdrawn: "Withdrawn",
};

export const taskWords: Readonly<Record<TaskKind, string>> = {
  submit: "Submit",
  review: "Review",
  revise: "Revise",
  approve: "Approve",
  publish: "Publish",
};
