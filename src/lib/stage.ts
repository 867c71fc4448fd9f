/** How far a phase or a channel kind is rolled out. */
export type Stage =
  | { readonly status: "off" }
  | { readonly status: "staff" }
  /** Of everybody, 0 to 100, and staff. */
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

/** The tables' check holds the two columns together. */
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
