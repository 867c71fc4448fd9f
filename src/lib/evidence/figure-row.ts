import type { Figure, Integrity, SignedObservation } from "./observation.ts";
import type { EvidenceKeys } from "./signing.ts";

/** An observation in a chart of figures. Like the observation, it never changes. */
export interface FigureRow {
  readonly number: number;
  readonly figures: readonly Figure[];
  readonly eventAt: string;
  readonly corrects: number | null;
  readonly integrity: Integrity;
}

/** The rows of signed observations, in their order. Each signature is checked. */
export function toFigureRows(
  keys: Pick<EvidenceKeys, "verify">,
  signed: readonly SignedObservation[],
): Promise<readonly FigureRow[]> {
  return Promise.all(
    signed.map(async (observation) => {
      const { number, figures, eventAt, corrects } = observation;
      return { number, figures, eventAt, corrects, integrity: await keys.verify(observation) };
    }),
  );
}
