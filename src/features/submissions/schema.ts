import { z } from "zod";
import type { Permission } from "@/lib/publications/permissions.ts";
import {
  type StepName,
  type SubmissionState,
  stepNames,
  type TaskKind,
  taskKinds,
} from "@/lib/publications/process.ts";
import type { RenderedText } from "@/lib/rendering/rendered-text.ts";
import { storedTime } from "@/lib/text/stored-time.ts";
import { typedText } from "@/lib/text/typed-text.ts";
import { noteLength } from "./limits.ts";

interface PersonLink {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
}

/** A task in the work list. Times are ISO 8601. */
export interface TaskEntry {
  readonly id: string;
  readonly kind: TaskKind;
  readonly status: "open" | "done" | "dropped";
  readonly createdAt: string;
  readonly closedAt: string | null;
  /** The permission that the task requires; null when only its assignee can do it. */
  readonly permission: Permission | null;
  readonly assignee: PersonLink | null;
  readonly submission: {
    readonly id: string;
    readonly title: string;
    readonly state: SubmissionState;
    readonly author: PersonLink;
  };
}

/** Numbers of open tasks. */
export interface TaskCounts {
  readonly mine: number;
  readonly roles: number;
  readonly all: number;
}

/** A submission in a list. */
export interface SubmissionEntry {
  readonly id: string;
  readonly title: string;
  readonly state: SubmissionState;
  readonly updatedAt: string;
  readonly author: PersonLink;
}

/** A step on the timeline. */
export interface TimelineEvent {
  readonly id: string;
  readonly fromState: SubmissionState | null;
  readonly toState: SubmissionState;
  readonly note: string;
  readonly at: string;
  /** Null: the schedule, or a deleted account. */
  readonly actor: { readonly handle: string; readonly name: string } | null;
}

/** A submission on its own page. */
export interface Submission extends SubmissionEntry {
  readonly publicationId: string;
  readonly scheduledFor: string | null;
  /** Whether the text is the one that was approved. */
  readonly isApprovedText: boolean;
  readonly article: {
    readonly id: string;
    readonly slug: string;
    readonly excerpt: string;
    /** Whether everyone may read it. */
    readonly isPublic: boolean;
    /** Whether the viewer may read the text: after the submission has ended, its author or everyone. */
    readonly isReadable: boolean;
    /** Version of the text; an approval names it. */
    readonly version: string;
  };
  readonly text: RenderedText;
  readonly events: readonly TimelineEvent[];
  readonly tasks: readonly Omit<TaskEntry, "submission">[];
}

/** A submission before its text is rendered. */
export type SubmissionSource = Omit<Submission, "text"> & { readonly body: string };

/** An article that the viewer can submit. */
export interface ArticleChoice {
  readonly id: string;
  readonly title: string;
  readonly isPublished: boolean;
}

const publicationId = z.uuid();
const submissionId = z.uuid();
const note = typedText()
  .trim()
  .max(noteLength, { error: `A note has at most ${noteLength} characters.` });

export const taskShows = ["mine", "roles", "all"] as const;
export const taskFilter = z.object({
  /** `roles`: tasks without an assignee that the viewer's roles allow. */
  show: z.enum(taskShows).default("mine"),
  status: z.enum(["open", "closed"]).default("open"),
  kind: z.enum(taskKinds).optional(),
});
export type TaskFilter = z.infer<typeof taskFilter>;

export const listTasksInput = taskFilter.extend({ publicationId });
export type ListTasksInput = z.infer<typeof listTasksInput>;

export const deskInput = z.object({ publicationId });
export type DeskInput = z.infer<typeof deskInput>;

export const submissionInput = z.object({ submissionId });
export type SubmissionInput = z.infer<typeof submissionInput>;

export const proposeInput = z.object({
  publicationId,
  submissionId,
  articleId: z.uuid({ error: "Choose an article." }),
  note,
  /** A draft is read by its author only, until it is submitted. */
  isDraft: z.boolean(),
});
export type ProposeInput = z.infer<typeof proposeInput>;

export const takeStepInput = z
  .object({
    submissionId,
    step: z.enum(stepNames as readonly [StepName, ...StepName[]]),
    note,
    /** The version of the text that was read; required for an approval. */
    version: storedTime()
      .pipe(z.iso.datetime({ precision: 6 }))
      .optional(),
    /** Required for a schedule. */
    scheduledFor: storedTime("Enter day and time.").optional(),
  })
  .check(({ value, issues }) => {
    if (value.step === "request-changes" && value.note === "") {
      const message = "Write which changes you request.";
      issues.push({ code: "custom", input: value.note, path: ["note"], message });
    }
    if (value.step === "schedule" && value.scheduledFor === undefined) {
      const message = "Enter day and time.";
      issues.push({ code: "custom", input: undefined, path: ["scheduledFor"], message });
    }
  });
export type TakeStepInput = z.infer<typeof takeStepInput>;

export const taskInput = z.object({ taskId: z.uuid(), isTaken: z.boolean() });
export type TaskInput = z.infer<typeof taskInput>;
