import type { FigureRow } from "@/lib/evidence/figure-row.ts";
import { type FigureName, type Integrity, isSameFigure } from "@/lib/evidence/observation.ts";

/** A value of a figure, as its chart and its table show it. */
export interface FigureValue {
  /** Number of its observation. */
  readonly number: number;
  readonly text: string;
  readonly value: number;
  readonly eventAt: string;
  readonly atMs: number;
  /** The last correction that the viewer may read. */
  readonly correctedBy: number | null;
  readonly integrity: Integrity;
  /** Whether it is neither corrected nor altered. The line of the chart joins these values. */
  readonly isValid: boolean;
}

/** The values of a figure in the order of their events. */
export function valuesOf(rows: readonly FigureRow[], figure: FigureName): readonly FigureValue[] {
  const corrections = new Map<number, number>();
  for (const { number, corrects } of rows) {
    if (corrects === null) continue;
    corrections.set(corrects, Math.max(number, corrections.get(corrects) ?? 0));
  }
  return rows
    .flatMap(({ number, figures, eventAt, integrity }) => {
      const correctedBy = corrections.get(number) ?? null;
      const isValid = correctedBy === null && integrity === "verified";
      return figures
        .filter((each) => isSameFigure(each, figure))
        .map(({ value: text }) => ({
          number,
          text,
          value: Number(text),
          eventAt,
          atMs: Date.parse(eventAt),
          correctedBy,
          integrity,
          isValid,
        }));
    })
    .sort((one, other) => one.atMs - other.atMs || one.number - other.number);
}

/** The figures that rows have values of, by name. */
export function figuresOf(rows: readonly FigureRow[]): readonly FigureName[] {
  const figures: FigureName[] = [];
  for (const { name, unit } of rows.flatMap((row) => row.figures)) {
    if (!figures.some((each) => isSameFigure(each, { name, unit }))) figures.push({ name, unit });
  }
  return figures.sort(
    (one, other) => one.name.localeCompare(other.name, "en") || one.unit.localeCompare(other.unit),
  );
}

/** "Average delay (min)". */
export const figureWords = ({ name, unit }: FigureName): string =>
  unit === "" ? name : `${name} (${unit})`;
