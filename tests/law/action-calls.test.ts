import ts from "typescript";
import { expect, test } from "vitest";
import { readSource, shippedFiles } from "./source-files.ts";

/*
 * A call of a server action rejects when the site does not answer. What nobody catches is shown nowhere, or replaces
 * the page by the one for errors.
 */

const files = shippedFiles().filter((file) => !file.startsWith("src/realtime"));

/** The functions that turn a missing answer into an error with a message. */
const callers = ["unwrapAction", "callAction"];
/** The hook for forms. It catches what `callAction` throws. */
const formHook = "src/features/account/components/use-form-action.ts";

/** Calls of actions outside of `callers`, and forms that leave the answer to React. */
function unguarded(text: string): string[] {
  const source = ts.createSourceFile("a.tsx", text, ts.ScriptTarget.Latest, true);
  const actions = new Set<string>();
  const found: string[] = [];
  const visit = (node: ts.Node, isGuarded: boolean): void => {
    if (ts.isImportDeclaration(node)) {
      const from = (node.moduleSpecifier as ts.StringLiteral).text;
      const names = node.importClause?.namedBindings;
      if (/(^|\/)actions\.ts$/.test(from) && names !== undefined && ts.isNamedImports(names)) {
        for (const { name } of names.elements) actions.add(name.text);
      }
    }
    let guarded = isGuarded;
    if (ts.isCallExpression(node)) {
      const callee = node.expression.getText();
      guarded ||= callers.includes(callee);
      if (callee === "useActionState" || (actions.has(callee) && !guarded)) found.push(callee);
    }
    if (ts.isJsxAttribute(node) && node.name.getText() === "action") {
      const isNative = /^[a-z]/.test(node.parent.parent.tagName.getText());
      const value = node.initializer?.getText().slice(1, -1) ?? "";
      if (isNative && actions.has(value)) found.push(value);
    }
    ts.forEachChild(node, (child) => visit(child, guarded));
  };
  visit(source, false);
  return found;
}

test("a page shows when a server action got no answer: each call goes through the functions for it", () => {
  const found = files
    .filter((file) => file !== formHook)
    .flatMap((file) => unguarded(readSource(file)).map((name) => [file, name]));
  expect(found).toEqual([]);
  const importers = files.filter((file) => /from "[^"]*\/actions\.ts"/.test(readSource(file)));
  expect(importers.length).toBeGreaterThan(30);
});

const imported = 'import { saveAction } from "../actions.ts";\n';

test.each([
  "await saveAction(stamp, input);",
  "void saveAction(stamp).catch(() => {});",
  "const a = <form action={saveAction} />;",
  "const [state, send] = useActionState(saveAction, untouched);",
  "unwrapAction(load); saveAction(stamp);",
])("the law finds: %s", (text) => {
  expect(unguarded(imported + text)).toHaveLength(1);
});

test.each([
  "await unwrapAction((stamp) => saveAction(stamp, input));",
  "const a = <AccountForm action={saveAction} />;",
  "const { state } = useFormAction(saveAction);",
])("the law accepts: %s", (text) => {
  expect(unguarded(imported + text)).toEqual([]);
});
