/** A number in a text, with its unit when it has a known one. */
interface FigureToken {
  readonly text: string;
  readonly value: number;
  readonly unit: string | null;
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

const scales: ReadonlyMap<string, number> = new Map([
  ["hundred", 1e2],
  ["thousand", 1e3],
  ["million", 1e6],
  ["billion", 1e9],
  ["bn", 1e9],
  ["dozen", 12],
]);

const upToTwenty =
  "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty";
const words: ReadonlyMap<string, number> = new Map([
  ["zero", 0],
  ...upToTwenty.split(" ").map((word, index) => [word, index + 2] as const),
  ["thirty", 30],
  ["forty", 40],
  ["fifty", 50],
  ["sixty", 60],
  ["seventy", 70],
  ["eighty", 80],
  ["ninety", 90],
]);
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

/** Whether a word is a number, or multiplies one. */
export const isFigureWord = (word: string): boolean => words.has(word) || scales.has(word);

/** The unit that a word names; null when it names none. */
export const unitOf = (word: string): string | null => unitNames.get(word) ?? null;

export const withoutDates = (text: string): string => text.replace(dates, " ");

/** Decimal digits of every script are ten code points in a row. */
function digitOf(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  if (code < 128) return digit;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(code - zero);
}

const number =
  /(?:(?<![\p{L}\p{N}.,])-)?\d{1,3}(?:[ ,'’]\d{3})+(?:\.\d+)?(?!\d)|(?:(?<![\p{L}\p{N}.,])-)?\d+(?:\.\d+)?/gu;
const following =
  /^[\s-]*(?:(hundred|thousand|million|billion|bn|dozen)\b[\s-]*)?(per cent|km\/h|m\/s|[%€$£]|\p{L}+)?/iu;

/** The numbers of a normalized text from which dates were removed. */
function tokensOf(text: string): readonly FigureToken[] {
  const tokens: FigureToken[] = [];
  const add = (written: string, value: number, after: string, before: string) => {
    const [, scale, unit] = following.exec(after) ?? [];
    const currency = /[€$£]\s*$/.exec(before)?.[0].trim();
    tokens.push({
      text: written,
      value: value * (scales.get(scale?.toLowerCase() ?? "") ?? 1),
      unit: unitNames.get(unit?.toLowerCase() ?? "") ?? unitNames.get(currency ?? "") ?? null,
    });
  };
  for (const match of text.matchAll(number)) {
    const [written] = match;
    const value = Number(written.replace(/[ ,'’](?=\d{3})/g, ""));
    add(written, value, text.slice(match.index + written.length), text.slice(0, match.index));
  }
  for (const match of text.matchAll(/\p{L}+/gu)) {
    const value = words.get(match[0].toLowerCase());
    if (value === undefined) continue;
    add(match[0], value, text.slice(match.index + match[0].length), text.slice(0, match.index));
  }
  return tokens;
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
  /** All words of an observation: its statement, its figures with their units, its source. */
  readonly text: string;
  /** Its event time, ISO 8601. */
  readonly eventAt: string;
}

/**
 * The figures of a sentence that occur in none of the observations: numbers in digits or words, with their unit; dates;
 * and words such as "half". A number matches in any spelling ("1,200", "1 200", "1.2 thousand"), and never after
 * rounding or with another unit.
 */
export function unfoundedFigures(
  sentence: string,
  sources: readonly FigureSource[],
): readonly string[] {
  const claim = normalize(sentence);
  const known = sources.map(({ text }) => normalize(text));
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
    (sign) => !sources.some(({ text }) => text.includes(sign)),
  );
  const unknownWords = (claim.match(vague) ?? []).filter(
    (word) => !known.some((text) => new RegExp(`\\b${word}\\b`, "i").test(text)),
  );
  const numbers = unknownNumbers.map(({ text }) => text);
  return [...unknownDates, ...numbers, ...unknownSigns, ...unknownWords];
}

function isSameFigure(claimed: FigureToken, known: FigureToken): boolean {
  if (claimed.value !== known.value) return false;
  if (claimed.unit === known.unit) return true;
  // A number without a unit, except that a share is no number of things.
  return claimed.unit === null ? known.unit !== "%" : known.unit === null && claimed.unit !== "%";
}
