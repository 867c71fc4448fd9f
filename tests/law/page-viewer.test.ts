import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const files = ["src", "app"]
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) =>
      join(folder, name),
    ),
  )
  .filter((file) => /\.tsx?$/.test(file) && !/\.test(-d)?\.tsx?$/.test(file))
  .filter((file) => !file.startsWith("src/realtime"));
const read = (file: string) => readFileSync(join(root, file), "utf8");

/** The form names the account itself: by an e-mail address and a password, or as a demo account. */
const namePersonThemselves = ["signInAction", "signInAsDemoAction", "signUpAction"];
/** A form, which carries the account of its page in a field. */
const byForm = ["changePasswordAction"];

interface Action {
  readonly name: string;
  readonly firstParameter: string;
  readonly body: string;
}

function actionsIn(file: string): readonly Action[] {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
  return source.statements.flatMap((statement) => {
    const isExported = ts.canHaveModifiers(statement)
      ? ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
      : false;
    if (isExported !== true) return ts.isExportDeclaration(statement) ? [unread(statement)] : [];
    if (!ts.isFunctionDeclaration(statement)) return [unread(statement)];
    const [first] = statement.parameters;
    return [
      {
        name: statement.name?.text ?? "",
        firstParameter: first?.getText(source) ?? "",
        body: statement.body?.getText(source) ?? "",
      },
    ];
  });
}

/** An export that this test cannot judge fails it. */
const unread = (statement: ts.Node): Action => ({
  name: statement.getText().slice(0, 60),
  firstParameter: "",
  body: "",
});

const isActionFile = (file: string) => /^\s*["']use server["'];?/.test(read(file));
const actions = files.filter(isActionFile).flatMap(actionsIn);

test("each server action takes the stamp of its page and passes it on to be checked", () => {
  const stamped = actions.filter(
    ({ name }) => !namePersonThemselves.includes(name) && !byForm.includes(name),
  );
  expect(stamped.length).toBeGreaterThan(30);
  for (const { name, firstParameter, body } of stamped) {
    expect([name, firstParameter]).toEqual([name, "stamp: PageStamp"]);
    expect([name, body]).toEqual([
      name,
      expect.stringMatching(/\breturn (await )?\w+\(stamp,|= await runAction\(stamp,/),
    ]);
  }
  for (const { name, body } of actions.filter((action) => byForm.includes(action.name))) {
    expect([name, body]).toEqual([name, expect.stringContaining("runAction({ madeFor }")]);
  }
});

test("actions are run by runAction and runEntrance alone, and no action is written inside a component", () => {
  const runners = files.filter((file) => read(file).includes("toActionResult("));
  expect(runners.sort()).toEqual(["src/wiring/run-action.ts"]);
  const inline = files.filter(
    (file) => !isActionFile(file) && /["']use server["'];/.test(read(file)),
  );
  expect(inline).toEqual([]);
});

test("each server action is counted before its work begins", () => {
  const wiring = read("src/wiring/run-action.ts");
  // Both ways to run an action count first.
  expect(
    wiring.match(/toActionResult\(async \(\) => \{\n {4}await countAction\(\);/g),
  ).toHaveLength(wiring.match(/toActionResult\(/g)?.length ?? 0);
  const account = read("src/features/account/actions.ts");
  for (const name of namePersonThemselves) {
    expect([name, actions.find((action) => action.name === name)?.body]).toEqual([
      name,
      expect.stringMatching(/= await runEntrance\(|return enter\(form, /),
    ]);
  }
  expect(account).toMatch(
    /async function enter\([\s\S]*?= await runEntrance\(\(\) => work\(input\)\)/,
  );
});

test("each request of a page to a route of the site names the account that the page was rendered for", () => {
  const unnamed = files.filter((file) => {
    const calls = read(file).match(/\b(fetch|sendBeacon)\((["'`]\/api|path|url)[^)]*\)?/g) ?? [];
    return calls.length > 0 && !read(file).includes("pageHeaders()");
  });
  expect(unnamed.sort()).toEqual([
    // Two counters for the metrics, in no person's name; a beacon has no headers.
    "app/usage-reports.tsx",
    // Asks who is signed in.
    "src/lib/page-status.ts",
  ]);
});

test("each route that takes writes checks the page, or takes none in a person's name", () => {
  const writes = files.filter(
    (file) => /\/route\.ts$/.test(file) && /\b(POST|PUT|PATCH|DELETE)\b/.test(read(file)),
  );
  const unchecked = writes.filter((file) => !read(file).includes("limitedRoute("));
  expect(unchecked.sort()).toEqual([
    "app/api/auth/[...nextauth]/route.ts", // signing in and out
    "app/api/broker/webhooks/route.ts", // signed by the broker
    "app/api/inngest/route.ts", // signed by the job runner
    "app/api/realtime/route.ts", // checked where the library asks for the viewer
    "app/api/realtime/stream/route.ts",
    "app/api/usage/route.ts", // counters for the metrics
  ]);
});
