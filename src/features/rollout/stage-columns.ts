import type { Stage } from "./schema.ts";

interface StageColumns {
  readonly stage: Stage["status"];
  readonly percent: number | null;
}

export const toColumns = (stage: Stage): StageColumns => ({
  stage: stage.status,
  percent: stage.status === "percent" ? stage.percent : null,
});

/** The table's check holds the two columns together. */
export const toStage = ({ stage, percent }: StageColumns): Stage =>
  stage === "percent" ? { status: stage, percent: percent ?? 0 } : { status: stage };
