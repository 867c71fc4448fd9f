import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../parts/settings.ts";

/** A numbered promise of a document. */
export interface NumberedPromise {
  readonly number: string;
  /** Its first sentence, as Markdown. */
  readonly sentence: string;
}

/** A document with numbered promises. */
export interface PromiseDocument {
  /** Path from the root of the repository. */
  readonly path: string;
  readonly title: string;
  readonly promises: readonly NumberedPromise[];
}

/** Promises of protocol and guard are items (`- **K7** …`), invariants of the soak are rows (`| I1 | … |`). */
export function readPromises(): readonly PromiseDocument[] {
  return [
    documentOf("docs/protocol.md", promisesIn),
    documentOf("docs/operations.md", promisesIn),
    documentOf("tests/soak/README.md", invariantsIn),
  ];
}

function documentOf(
  path: string,
  find: (text: string) => readonly NumberedPromise[],
): PromiseDocument {
  const text = readFileSync(join(ROOT, path), "utf8");
  return { path, title: /^# (.+)$/m.exec(text)?.[1] ?? path, promises: find(text) };
}

/** @param text A document. An item ends at the next item or at an empty line. */
export function promisesIn(text: string): readonly NumberedPromise[] {
  return [...text.matchAll(/^- \*\*([A-Z]\d+)\*\* ((?:.+\n?)(?:(?!- ).+\n?)*)/gm)].map(
    ([, number = "", item = ""]) => ({ number, sentence: firstSentenceOf(item) }),
  );
}

function invariantsIn(text: string): readonly NumberedPromise[] {
  return [...text.matchAll(/^\| (I\d+) +\| (.+?) +\|$/gm)].map(
    ([, number = "", sentence = ""]) => ({
      number,
      sentence,
    }),
  );
}

/** A sentence ends at a full stop before an upper-case letter, a code span or the end. */
function firstSentenceOf(item: string): string {
  const text = item.replace(/\s+/g, " ").trim();
  return /^.+?\.(?= [A-Z`]|$)/.exec(text)?.[0] ?? text;
}
