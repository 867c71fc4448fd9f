import type { Figure } from "../evidence/observation.ts";
import type { ToolName } from "./frames.ts";

/** An observation that the viewer may read, whose signature was checked, and that no newer one corrects. */
export interface EvidenceItem {
  readonly number: number;
  readonly statement: string;
  readonly figures: readonly Figure[];
  readonly sourceName: string;
  readonly eventAt: string;
}

/** The tools of a reasoner. Each call is a separate read with the rights of the viewer. */
export interface AnalystTools {
  /** The observations that match the words of a question best, the best one first. */
  readonly queryObservations: (words: string) => Promise<readonly EvidenceItem[]>;
  /** Null when it does not exist, is hidden, broken or corrected. */
  readonly readObservation: (number: number) => Promise<EvidenceItem | null>;
}

export interface ReasonerTask {
  readonly question: string;
  /** Sentences that were checked and shown already. The answer continues after them. */
  readonly written: string;
  /** Why the sentence after `written` was rejected; null at the first attempt. */
  readonly problem: string | null;
}

export type ReasonerPart =
  | { readonly type: "tool"; readonly name: ToolName }
  | { readonly type: "text"; readonly text: string };

/** Composes an answer. It throws when it cannot finish one. */
export interface Reasoner {
  /** Stored with the answer. */
  readonly name: string;
  readonly answer: (
    task: ReasonerTask,
    tools: AnalystTools,
    signal: AbortSignal,
  ) => AsyncIterable<ReasonerPart>;
}

/** The answer when no observation fits. It claims nothing, so it needs no citation. */
export const nothingFound = "The evidence log has nothing about this.";
