import ts from "typescript";

/** Methods that attach listeners to pages, contexts, sockets and developer tools. */
const attaches = new Set(["on", "once", "addListener", "prependListener"]);
/** Calls in a listener that return a promise. */
const asynchronous = new Set([
  "body",
  "json",
  "allHeaders",
  "finished",
  "accept",
  "dismiss",
  "send",
  "fulfill",
  "continue",
  "abort",
  "fallback",
  "evaluate",
  "then",
]);
const waits = new Set(["waitForRequest", "waitForResponse", "waitForEvent", "waitForURL"]);

/**
 * Source text of the listeners, routes and waits of a test that can outlive their page:
 *
 * - a listener that is async or calls something that returns a promise, outside of `untilClosed`;
 * - a route outside of `untilClosed`: its handler always returns a promise;
 * - a `waitForResponse` or similar call that is not awaited.
 */
export function bareListenersIn(source: string): readonly string[] {
  const file = ts.createSourceFile("e2e.ts", source, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const functions = namedFunctionsOf(file);
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const method = node.expression.name.text;
      const isBare =
        (attaches.has(method) && goesOn(node.arguments[1], functions)) ||
        (method === "route" && !endsWithPage(node.arguments[1])) ||
        (waits.has(method) && !isAwaited(node, file));
      if (isBare) found.push(node.getText(file).split("\n", 1)[0] ?? "");
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

type Functions = ReadonlyMap<string, ts.Node>;

function namedFunctionsOf(file: ts.SourceFile): Functions {
  const functions = new Map<string, ts.Node>();
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionDeclaration(node) && node.name) functions.set(node.name.text, node);
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer) {
      functions.set(node.name.text, node.initializer);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return functions;
}

function goesOn(listener: ts.Node | undefined, functions: Functions): boolean {
  if (listener === undefined || endsWithPage(listener)) return false;
  if (ts.isIdentifier(listener)) {
    const target = functions.get(listener.text);
    return target !== undefined && !ts.isIdentifier(target) && goesOn(target, functions);
  }
  let goes = false;
  const visit = (node: ts.Node): void => {
    goes ||=
      node.kind === ts.SyntaxKind.AsyncKeyword ||
      (ts.isCallExpression(node) &&
        ts.isPropertyAccessExpression(node.expression) &&
        asynchronous.has(node.expression.name.text));
    ts.forEachChild(node, visit);
  };
  visit(listener);
  return goes;
}

/** A call of `untilClosed`, see tests/support/browser/page-tasks.ts. */
const endsWithPage = (listener: ts.Node | undefined) =>
  listener !== undefined &&
  ts.isCallExpression(listener) &&
  listener.expression.getText() === "untilClosed";

/** Whether the call is awaited, or assigned to a name that is awaited later, alone or with others. */
function isAwaited(call: ts.CallExpression, file: ts.SourceFile): boolean {
  let node: ts.Node = call;
  while (!ts.isStatement(node.parent)) {
    node = node.parent;
    if (ts.isAwaitExpression(node)) return true;
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name)) {
      return new RegExp(`await [^;]*\\b${node.name.text}\\b`).test(file.text);
    }
    if (ts.isArrowFunction(node)) return true; // the caller gets the promise
  }
  return ts.isReturnStatement(node.parent);
}
