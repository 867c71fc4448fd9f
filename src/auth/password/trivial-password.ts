/** A password may share this many letters with the person's own details. */
const ownLetters = 6;

/**
 * Returns why a password is easy to guess, or null. It checks published lists of common passwords (also
 * with digits or signs around them and with digits in place of letters), repetitions, runs of adjacent
 * characters, and the person's own name, handle and e-mail. It is linear in the length: an estimator such
 * as zxcvbn takes up to a second for 64 characters.
 *
 * @param own name, handle and e-mail of the person
 */
export async function whyTrivial(
  password: string,
  own: readonly string[] = [],
): Promise<string | null> {
  const plain = password.toLowerCase();
  const common = await commonPasswords();
  const cores = [plain, withoutEnds(plain), plainLetters(plain), withoutEnds(plainLetters(plain))];
  if (cores.some((core) => common.has(core))) return "It is a common password.";
  if (new Set(plain).size < 5 || isRepetition(plain)) return "It repeats a few characters.";
  if (isRun(plain)) return "It is a sequence of adjacent characters.";
  const words = own.flatMap((word) => [word, ...word.split(/[\s@._-]+/)]);
  const known = words.map((word) => word.toLowerCase()).filter((word) => word.length >= 3);
  if (
    known.some((word) => plain.replaceAll(word, "").length < ownLetters && plain.includes(word))
  ) {
    return "It consists mostly of your name, handle or e-mail.";
  }
  return null;
}

let listed: Promise<ReadonlySet<string>> | undefined;

/** The 49,000 most used passwords, as zxcvbn-ts publishes them. Loaded at the first call. */
function commonPasswords(): Promise<ReadonlySet<string>> {
  listed ??= import("@zxcvbn-ts/language-common").then(
    ({ dictionary }) => new Set(dictionary["passwords-common"].map(String)),
  );
  return listed;
}

/** Strips digits and signs at both ends: `2024password!` becomes `password`. */
function withoutEnds(text: string): string {
  const isLetter = (character: string) => /\p{L}/u.test(character);
  const letters = [...text];
  const first = letters.findIndex(isLetter);
  return first === -1 ? "" : letters.slice(first, letters.findLastIndex(isLetter) + 1).join("");
}

const digitsForLetters: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
};
const plainLetters = (text: string): string =>
  [...text].map((character) => digitsForLetters[character] ?? character).join("");

/** Whether the text repeats one unit of up to four characters. */
const isRepetition = (text: string): boolean =>
  [1, 2, 3, 4].some(
    (length) => text === text.slice(0, length).repeat(text.length).slice(0, text.length),
  );

const rows = [
  "qwertyuiopasdfghjklzxcvbnm",
  "qwertzuiopasdfghjklyxcvbnm",
  "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
];

/** Whether nearly all characters are adjacent in the alphabet, among the digits or on a keyboard. */
function isRun(text: string): boolean {
  const steps = [...text].slice(1).map((character, index) => {
    const previous = text[index] ?? "";
    const step = character.charCodeAt(0) - previous.charCodeAt(0);
    const isNextKey = rows.some(
      (row) => row.includes(previous + character) || row.includes(character + previous),
    );
    return Math.abs(step) === 1 || isNextKey || previous + character === "90";
  });
  return steps.filter((isNeighbour) => !isNeighbour).length <= 2;
}
