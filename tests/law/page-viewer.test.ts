import ts from "typescript";
import { expect, test } from "vitest";
import { readSource, shippedFiles } from "./source-files.ts";

const files = shippedFiles().filter((file) => !file.startsWith("src/realtime"));

/** Actions whose input names the account: e-mail address and password, or a demo account. */
const namePersonThemselves = ["signInAction", "signInAsDemoAction", "signUpAction"];
/** Actions of a form that contains the account of its page in a field. */
const byForm = ["changePasswordAction"];

interface Action {
  readonly name: string;
  readonly firstParameter: string;
  readonly body: string;
}

function actionsIn(file: string): readonly Action[] {
  const source = ts.createSourceFile(file, readSource(file), ts.ScriptTarget.Latest, true);
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

/** Exports that cannot be parsed make the test fail. */
const unread = (statement: ts.Node): Action => ({
  name: statement.getText().slice(0, 60),
  firstParameter: "",
  body: "",
});

const isActionFile = (file: string) => /^\s*["']use server["'];?/.test(readSource(file));
const actions = files.filter(isActionFile).flatMap(actionsIn);

test("each server action takes the stamp of its page and passes it to the check", () => {
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

test("only runAction and runEntrance run actions, and no component contains an action", () => {
  const runners = files.filter((file) => readSource(file).includes("toActionResult("));
  expect(runners.sort()).toEqual(["src/wiring/routes/run-action.ts"]);
  const inline = files.filter(
    (file) => !isActionFile(file) && /["']use server["'];/.test(readSource(file)),
  );
  expect(inline).toEqual([]);
});

test("each server action is counted against the rate limit before its work begins", () => {
  const wiring = readSource("src/wiring/routes/run-action.ts");
  // Both ways to run an action count first.
  expect(
    wiring.match(/toActionResult\(async \(\) => \{\n {4}await countAction\(\);/g),
  ).toHaveLength(wiring.match(/toActionResult\(/g)?.length ?? 0);
  const account = readSource("src/features/account/actions.ts");
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

test("each request of a page to a route contains the account that the page was rendered for", () => {
  const unnamed = files.filter((file) => {
    const calls =
      readSource(file).match(/\b(fetch|sendBeacon)\((["'`]\/api|path|url)[^)]*\)?/g) ?? [];
    return calls.length > 0 && !readSource(file).includes("pageHeaders()");
  });
  expect(unnamed.sort()).toEqual([
    // Anonymous counters for the metrics. A beacon has no headers.
    "app/usage-reports.tsx",
    // Requests the current account.
    "src/lib/pages/page-status.ts",
  ]);
});

test("each route that accepts writes of a user checks the account of the page", () => {
  const writes = files.filter(
    (file) => /\/route\.ts$/.test(file) && /\b(POST|PUT|PATCH|DELETE)\b/.test(readSource(file)),
  );
  const unchecked = writes.filter((file) => !readSource(file).includes("limitedRoute("));
  expect(unchecked.sort()).toEqual([
    "app/api/auth/[...nextauth]/route.ts", // signing in and out
    "app/api/broker/webhooks/route.ts", // signed by the broker
    "app/api/inngest/route.ts", // signed by the job runner
    "app/api/realtime/route.ts", // checked when the library gets the viewer
    "app/api/usage/route.ts", // counters for the metrics
  ]);
});
