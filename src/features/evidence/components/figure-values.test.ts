import { expect, test } from "vitest";
import type { FigureRow } from "@/lib/evidence/figure-row.ts";
import { figuresOf, valuesOf } from "./figure-values.ts";

const delay = { name: "Delay", unit: "min" };

const row = (number: number, value: string, more: Partial<FigureRow> = {}): FigureRow => ({
  number,
  figures: [{ ...delay, value }],
  eventAt: `2026-01-${String(number).padStart(2, "0")}T00:00:00.000000Z`,
  corrects: null,
  integrity: "verified",
  ...more,
});

const shown = (rows: readonly FigureRow[]) =>
  valuesOf(rows, delay).map(({ number, text, isValid }) => [number, text, isValid]);

test("values are in the order of their events, whichever arrived first", () => {
  expect(shown([row(3, "9"), row(1, "7"), row(2, "8")])).toEqual([
    [1, "7", true],
    [2, "8", true],
    [3, "9", true],
  ]);
});

test("a value of another unit is one of another figure, and an observation can have two values", () => {
  const figures = [
    { ...delay, value: "5" },
    { ...delay, unit: "h", value: "1" },
    { ...delay, value: "6" },
  ];
  const rows = [row(1, "", { figures })];
  expect(shown(rows).map(([, text]) => text)).toEqual(["5", "6"]);
  expect(figuresOf([...rows, row(2, "7")])).toEqual([{ ...delay, unit: "h" }, delay]);
});

test("a corrected value keeps its place and names the last correction, also one without a value", () => {
  const rows = [
    row(1, "9"),
    row(4, "", { figures: [], corrects: 1 }),
    row(3, "14", { corrects: 1 }),
    row(5, "2", { corrects: 99 }),
  ];
  expect(valuesOf(rows, delay)).toMatchObject([
    { number: 1, correctedBy: 4, isValid: false },
    { number: 3, correctedBy: null, isValid: true },
    { number: 5, correctedBy: null, isValid: true },
  ]);
});

test.each(["broken", "unknown"] as const)("a value whose signature is %s is not valid", (is) => {
  expect(shown([row(1, "9", { integrity: is })])).toEqual([[1, "9", false]]);
});
