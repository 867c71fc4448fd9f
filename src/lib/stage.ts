/** Rollout stage of a phase or a channel kind. */
export type Stage =
  | { readonly status: "off" }
  | { readonly status: "staff" }
  /** Percentage of all people, 0 to 100, and staff. */
  | { readonly status: "percent"; readonly percent: number }
  | { readonly status: "on" };

interface StageColumns {
  readonly stage: Stage["status"];
  readonly percent: number | null;
}

export const toColumns = (stage: Stage): StageColumns => ({
  stage: stage.status,
  percent: stage.status === "percent" ? stage.percent : null,
});

/** A check of the tables ensures that the two columns agree. */
export const toStage = ({ stage, percent }: StageColumns): Stage =>
  stage === "percent" ? { status: stage, percent: percent ?? 0 } : { status: stage };

/** Null where no stage is set. */
export const toSetStage = ({
  stage,
  percent,
}: {
  readonly stage: Stage["status"] | null;
  readonly percent: number | null;
}): Stage | null => (stage === null ? null : toStage({ stage, percent }));
