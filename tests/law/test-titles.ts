import ts from "typescript";
import { filesIn, readSource } from "./source-files.ts";

/** The title of a test and its file. */
export interface TestTitle {
  /** Path from the root of the repository. */
  readonly file: string;
  /** Expressions of a template are replaced by "…". */
  readonly title: string;
}

const folders = ["src", "app", "inngest", "scripts", "tests"];
/** Test files and the conformance suite, which declares scenarios. */
const isTestFile = /\.(test|spec)\.tsx?$|[/]testing[/]conformance[/][a-z-]+\.ts$/;
const declares = new Set(["test", "it", "describe", "scenario"]);

/** The titles of all tests as written in `test("…")`, `test.each(…)("…")` and similar calls. */
export function readTestTitles(): readonly TestTitle[] {
  return filesIn(...folders)
    .filter((file) => isTestFile.test(file) && !file.includes("node_modules"))
    .flatMap((file) => titlesIn(readSource(file), file).map((title) => ({ file, title })));
}

/** All numbers at the start of a title, such as K7 and S3.22 in "K7 S3.22 a frame …". */
export function numbersOf(title: string): readonly string[] {
  return /^((?:[A-Z]\d+(?:\.\d+)?[ :]+)*)/.exec(title)?.[1]?.match(/[A-Z]\d+(?:\.\d+)?/g) ?? [];
}

/** Numbers of checks of the five systems: S0.1 to S4.12 and the like. */
export function isSeedNumber(number: string): boolean {
  return /^S[0-4]\.[1-9]\d*$/.test(number);
}

/**
 * @param source The source of one test file.
 * @param file Its name: `<T>` has another meaning in a file that may contain JSX.
 */
export function titlesIn(source: string, file = "a.test.ts"): readonly string[] {
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && declares.has(nameOf(node.expression))) {
      const title = textOf(node.arguments[0]);
      if (title !== undefined) titles.push(title);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest));
  return titles;
}

/** Returns `test` for `test`, `test.only` and `test.each([…])`. */
function nameOf(callee: ts.Expression): string {
  if (ts.isIdentifier(callee)) return callee.text;
  if (ts.isPropertyAccessExpression(callee) || ts.isCallExpression(callee)) {
    return nameOf(callee.expression);
  }
  return "";
}

function textOf(argument: ts.Expression | undefined): string | undefined {
  if (argument === undefined) return undefined;
  if (ts.isStringLiteralLike(argument)) return argument.text;
  if (ts.isTemplateExpression(argument)) {
    return [argument.head, ...argument.templateSpans.map(({ literal }) => literal)]
      .map(({ text }) => text)
      .join("…");
  }
  return undefined;
}
