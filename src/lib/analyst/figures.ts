import { isSameFigure, tokensOf } from "./figure-tokens.ts";

/** Words that are figures without digits. An observation has to contain the same word. */
const vague =
  /\b(half|halves|third of|thirds|quarters?|twice|thrice|doubl(?:e|ed|ing)|tripl(?:e|ed|ing)|hundreds|thousands|millions|billions|dozens)\b/gi;

const months =
  "january february march april may june july august september october november december".split(
    " ",
  );
const month = `(?:${months.map((name) => name[0]?.toUpperCase() + name.slice(1)).join("|")})`;
const dates = new RegExp(
  [
    String.raw`\b\d{4}-\d{2}-\d{2}\b`,
    String.raw`\b\d{1,2}(?:st|nd|rd|th)? ${month}(?: \d{4})?\b`,
    String.raw`\b${month} \d{1,2}(?:st|nd|rd|th)?\b(?:,? \d{4}\b)?`,
    String.raw`\b${month} \d{4}\b`,
  ].join("|"),
  "g",
);

/** Text in one spelling: full-width and other digits as 0 to 9, one kind of space, the minus sign as a hyphen. */
export function normalize(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/\s+/g, " ")
    .replace(/[\u2212\u2010-\u2015]/g, "-")
    .replace(/\p{Nd}/gu, (digit) => digitOf(digit));
}

export const withoutDates = (text: string): string => text.replace(dates, " ");

/** Decimal digits of every script are ten code points in a row. */
function digitOf(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  if (code < 128) return digit;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(code - zero);
}

/** A date as year-month-day. Parts that the text does not name are missing. */
function dateKey(text: string): string {
  if (/^\d{4}-/.test(text)) return text;
  const name = new RegExp(month).exec(text)?.[0].toLowerCase() ?? "";
  const year = /\b\d{4}\b/.exec(text)?.[0] ?? "";
  const day = /\b(\d{1,2})(?:st|nd|rd|th)?\b/.exec(text.replace(year, ""))?.[1] ?? "";
  const at = String(months.indexOf(name) + 1).padStart(2, "0");
  return `${year || "*"}-${at}-${day === "" ? "*" : day.padStart(2, "0")}`;
}

const isSameDate = (claimed: string, known: string) => {
  const [a, b] = [claimed.split("-"), known.split("-")];
  return a.every((part, index) => part === "*" || part === b[index]);
};

export interface FigureSource {
  /** The sentences of an observation, and its figures with their names and units. */
  readonly texts: readonly string[];
  /** Its event time, ISO 8601. */
  readonly eventAt: string;
}

/**
 * The figures of a sentence that occur in none of the observations: numbers in digits or words, with their unit; dates;
 * and words such as "half". A number matches in any spelling ("1,200", "1 200", "1.2 thousand"), and never after
 * rounding, with another unit, or as the number of something else.
 */
export function unfoundedFigures(
  sentence: string,
  sources: readonly FigureSource[],
): readonly string[] {
  const claim = normalize(sentence);
  const known = sources.flatMap(({ texts }) => texts.map(normalize));
  const knownDates = [
    ...sources.map(({ eventAt }) => eventAt.slice(0, 10)),
    ...known.flatMap((text) => (text.match(dates) ?? []).map(dateKey)),
  ];
  const unknownDates = (claim.match(dates) ?? []).filter(
    (date) => !knownDates.some((each) => isSameDate(dateKey(date), each)),
  );
  const tokens = known.flatMap((text) => tokensOf(text.replace(dates, " ")));
  const unknownNumbers = tokensOf(claim.replace(dates, " ")).filter(
    (token) => !tokens.some((each) => isSameFigure(token, each)),
  );
  // Roman numerals and fractions in one character have no value here.
  const unknownSigns = (sentence.match(/[\p{Nl}\p{No}]/gu) ?? []).filter(
    (sign) => !sources.some(({ texts }) => texts.some((text) => text.includes(sign))),
  );
  const unknownWords = (claim.match(vague) ?? []).filter(
    (word) => !known.some((text) => new RegExp(`\\b${word}\\b`, "i").test(text)),
  );
  const numbers = unknownNumbers.map(({ text }) => text);
  return [...unknownDates, ...numbers, ...unknownSigns, ...unknownWords];
}
