import { stemOf } from "./stem-of.ts";

/** A number in a text. */
export interface FigureToken {
  /** As it is written. */
  readonly text: string;
  readonly value: number;
  /** What the number counts, when a known unit or the sign of a currency stands beside it. */
  readonly unit: string | null;
  /** Without a unit: the stems of the words behind the number in its clause, or of those before it when none is behind. */
  readonly counted: readonly string[];
}

/** How texts write each unit. */
const spellings: Readonly<Record<string, readonly string[]>> = {
  "%": ["%", "percent", "per cent"],
  s: ["s", "sec", "second", "seconds"],
  min: ["min", "minute", "minutes"],
  h: ["h", "hour", "hours"],
  d: ["day", "days"],
  w: ["week", "weeks"],
  mo: ["month", "months"],
  y: ["year", "years"],
  mm: ["mm"],
  cm: ["cm"],
  m: ["m", "metre", "metres", "meter", "meters"],
  km: ["km", "kilometre", "kilometres"],
  mi: ["mile", "miles"],
  "m/s": ["m/s"],
  "km/h": ["km/h"],
  kn: ["kn", "knot", "knots"],
  g: ["g"],
  kg: ["kg"],
  t: ["t", "tonne", "tonnes"],
  "€": ["€", "eur", "euro", "euros"],
  $: ["$", "usd", "dollars"],
  "£": ["£"],
};
const unitNames: ReadonlyMap<string, string> = new Map(
  Object.entries(spellings).flatMap(([unit, names]) => names.map((name) => [name, unit] as const)),
);

/** Words that multiply the number before them. Without one, they are numbers themselves: "a million". */
const scales: ReadonlyMap<string, number> = new Map([
  ["hundred", 1e2],
  ["thousand", 1e3],
  ["million", 1e6],
  ["billion", 1e9],
  ["bn", 1e9],
  ["dozen", 12],
]);

const upToNineteen =
  "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen";
const tens = "twenty thirty forty fifty sixty seventy eighty ninety";
const words: ReadonlyMap<string, number> = new Map([
  ["zero", 0],
  ...upToNineteen.split(" ").map((word, index) => [word, index + 2] as const),
  ...tens.split(" ").map((word, index) => [word, (index + 2) * 10] as const),
]);

/** Whether a word is a number, multiplies one, or is the sign of one. */
export const isFigureWord = (word: string): boolean =>
  words.has(word) || scales.has(word) || word === "minus";

/** The unit that a word names; null when it names none. */
export const unitOf = (word: string): string | null => unitNames.get(word) ?? null;

const digits =
  /(?:(?<![\p{L}\p{N}.,])-)?\d{1,3}(?:[ ,'’]\d{3})+(?:\.\d+)?(?!\d)|(?:(?<![\p{L}\p{N}.,])-)?\d+(?:\.\d+)?/u;
const pieces = new RegExp(`${digits.source}|\\p{L}[\\p{L}\\p{M}]*`, "gu");

/** A number in digits, or a word. */
interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Of digits. */
  readonly value: number | null;
}

const piecesOf = (text: string): readonly Piece[] =>
  [...text.matchAll(pieces)].map(({ 0: found, index }) => ({
    text: found.toLowerCase(),
    start: index,
    end: index + found.length,
    value: /\d/.test(found) ? Number(found.replace(/[ ,'’](?=\d{3})/g, "")) : null,
  }));

/** The value of a number, and how many pieces it has. */
interface ReadNumber {
  readonly value: number;
  readonly length: number;
}

/** Reads the number that begins with a piece: "14", "1.2 million", "twenty-five", "two hundred and fifty". */
function readNumber(text: string, from: readonly Piece[]): ReadNumber | null {
  const [first] = from;
  if (first === undefined) return null;
  let whole = 0; // thousands and more
  let part = first.value ?? smallNumber(first.text, from[1]?.text);
  let length = part === null ? 0 : 1;
  /** What the next word may add to: units to tens, anything below a hundred to hundreds. */
  let room = first.value === null && part !== null && part >= 20 ? 10 : 0;
  for (;;) {
    const next = pieceAfter(text, from, length, room > 10);
    if (next === null) break;
    const scale = scales.get(next.piece.text);
    const small = words.get(next.piece.text) ?? (next.piece.text === "one" ? 1 : undefined);
    if (scale !== undefined && !next.isAfterAnd) {
      if (scale < 1e3) part = (part ?? 1) * scale;
      else if (part === null && whole > 0) whole *= scale;
      else {
        whole += (part ?? 1) * scale;
        part = null;
      }
      room = scale === 12 ? 0 : 100;
    } else if (small !== undefined && small > 0 && small < room) {
      part = (part ?? 0) + small;
      room = room === 100 && small >= 20 ? 10 : 0;
    } else break;
    length = next.length;
  }
  return length === 0 ? null : { value: whole + (part ?? 0), length };
}

/** "one" alone is a pronoun as often as a number. */
const smallNumber = (word: string, next: string | undefined): number | null =>
  words.get(word) ?? (word === "one" && scales.has(next ?? "") ? 1 : null);

/** The piece that may continue a number: only spaces, a hyphen or, behind hundreds, an "and" stand between. */
function pieceAfter(text: string, from: readonly Piece[], length: number, mayHaveAnd: boolean) {
  const isAfterAnd = mayHaveAnd && from[length]?.text === "and";
  const at = isAfterAnd ? length + 1 : length;
  const piece = from[at];
  const before = from[length - 1];
  if (piece === undefined || piece.value !== null) return null;
  const between = before === undefined ? "" : text.slice(before.end, piece.start);
  if (!/^[\s-]*(?:and\s)?\s*$/i.test(between)) return null;
  return { piece, isAfterAnd, length: at + 1 };
}

const unitBehind = /^[\s-]*(per cent|km\/h|m\/s|[%\p{Sc}]|\p{L}+)?/iu;
const currencyBefore = /(\p{Sc})\s*$/u;
/** The sign as a word. */
const minusBefore = /\bminus\s+$/i;
/** A year has this as its unit, so that it is no number of things. */
const yearBefore = /\b(?:in|since|until|during)\s+$/i;

/** The numbers of a normalized text from which dates were removed. */
export function tokensOf(text: string): readonly FigureToken[] {
  const all = piecesOf(text);
  const tokens: FigureToken[] = [];
  for (let at = 0; at < all.length; ) {
    const number = readNumber(text, all.slice(at, at + longestNumber));
    const [first, last] = [all[at], all[at + (number?.length ?? 1) - 1]];
    if (number !== null && first !== undefined && last !== undefined) {
      const unit = unitBeside(text, first, last, number.value);
      const counted = unit === null ? countedBy(text, first.start, last.end) : [];
      const value = minusBefore.test(text.slice(0, first.start)) ? -number.value : number.value;
      tokens.push({ text: text.slice(first.start, last.end), value, unit, counted });
    }
    at += number?.length ?? 1;
  }
  return tokens;
}

/** Pieces. The longest one is "nine hundred and ninety nine billion nine hundred and …". */
const longestNumber = 24;

function unitBeside(text: string, first: Piece, last: Piece, value: number): string | null {
  const [before, after] = [text.slice(0, first.start), text.slice(last.end)];
  const behind = unitBehind.exec(after)?.[1]?.toLowerCase() ?? "";
  const currency = currencyBefore.exec(before)?.[1] ?? (/^\p{Sc}$/u.test(behind) ? behind : "");
  const unit = unitNames.get(behind) ?? unitNames.get(currency) ?? currency;
  if (unit !== "") return unit;
  const isYear = /^[12]\d{3}$/.test(first.text) && value === first.value && yearBefore.test(before);
  return isYear ? "year" : null;
}

/** Ends the words that a number counts: punctuation, or another figure. */
const clauseEnd = /[.,;:!?()\n\d]/;

/** Stems of up to three words behind a number, in its clause; of those before it when none is behind. */
function countedBy(text: string, start: number, end: number): readonly string[] {
  const [behind = ""] = text.slice(end).split(clauseEnd, 1);
  const stems = stemsOf(untilNumber(behind.match(/\p{L}+/gu) ?? []));
  if (stems.length > 0) return stems.slice(0, 3);
  const head = text.slice(0, start).replace(minusBefore, "").replace(/:\s*$/, "");
  const before = head.split(clauseEnd).at(-1) ?? "";
  return stemsOf(untilNumber([...(before.match(/\p{L}+/gu) ?? [])].reverse())).slice(0, 3);
}

function untilNumber(all: readonly string[]): readonly string[] {
  const at = all.findIndex((word) => isFigureWord(word.toLowerCase()));
  return at === -1 ? all : all.slice(0, at);
}

/** Too short or too common to tell what is counted. */
const common = new Set(
  "a an the of and or in on at to for from by with as was were is are be been had has have".split(
    " ",
  ),
);
const stemsOf = (all: readonly string[]): readonly string[] =>
  all
    .map((word) => word.toLowerCase())
    .filter((word) => !common.has(word))
    .map(stemOf);

/** Whether two figures say the same: their value, and their unit or what they count. */
export function isSameFigure(claimed: FigureToken, known: FigureToken): boolean {
  if (claimed.value !== known.value || claimed.unit !== known.unit) return false;
  const isUncounted = claimed.counted.length === 0 || known.counted.length === 0;
  return isUncounted || claimed.counted.some((stem) => known.counted.includes(stem));
}
