import { z } from "zod";
import { typedText } from "@/lib/text/typed-text.ts";
import { questionLength } from "./limits.ts";

/** A question of the viewer with its stored answer. Times are ISO 8601. */
export interface StoredAnswer {
  readonly id: string;
  readonly question: string;
  readonly askedAt: string;
  /** Null when no answer was completed. */
  readonly answer: {
    readonly text: string;
    /** When the answer was stored. */
    readonly grounded: boolean;
    /** Citations of a grounded answer that can no longer ground a claim, such as `OBS-0042`. */
    readonly lost: readonly string[];
    readonly at: string;
  } | null;
}

/** The viewer's answers, the last one first, and when they were read. */
export interface AnswerPage {
  readonly readAt: string;
  /** The last ingest of the publication that the viewer may read; null without one. */
  readonly lastIngestAt: string | null;
  readonly rows: readonly StoredAnswer[];
}

export const answersInput = z.object({ publicationId: z.uuid() });
export type AnswersInput = z.infer<typeof answersInput>;

export const askInput = z.object({
  publicationId: z.uuid(),
  /** Made by the page, so that it finds the stored answer after a lost connection. */
  answerId: z.uuid(),
  question: typedText()
    .trim()
    .min(3, { error: "Enter a question." })
    .max(questionLength, { error: `A question has at most ${questionLength} characters.` }),
});
export type AskInput = z.infer<typeof askInput>;
