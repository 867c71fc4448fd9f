import ts from "typescript";
import { expect, test } from "vitest";
import { readSource, shippedFiles } from "./source-files.ts";

/** The components that keep what people enter before hydration. */
const controls = "src/ui/forms/controls.tsx";
const files = shippedFiles().filter((file) => file.endsWith(".tsx") && file !== controls);

/** Elements that lose what is entered into them before hydration. */
function losingElements(text: string): string[] {
  const source = ts.createSourceFile("a.tsx", text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJsxOpeningElement(node) || ts.isJsxSelfClosingElement(node)) {
      const tag = node.tagName.getText();
      const attributes = node.attributes.getText();
      const isControl = /^(input|textarea|select)$/.test(tag) && !/type="hidden"/.test(attributes);
      if (isControl || (tag === "form" && /\bonSubmit=/.test(attributes))) found.push(tag);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

test("a control, and a form with onSubmit, is one that keeps what is entered before hydration", () => {
  expect(files.length).toBeGreaterThan(100);
  const found = files.flatMap((file) => losingElements(readSource(file)).map((tag) => [file, tag]));
  expect(found).toEqual([]);
});

test.each([
  "<input value={a} />",
  "<textarea defaultValue={a} />",
  "<select>{a}</select>",
  "<form onSubmit={a} />",
])("the law finds %s", (element) => {
  expect(losingElements(`<p>{b && ${element}}</p>`)).toHaveLength(1);
});

/** Forms that begin with the reason of a failure. A long one hides it from who has pressed the button at its end. */
function formsWithEarlyReason(text: string): number {
  const source = ts.createSourceFile("a.tsx", text, ts.ScriptTarget.Latest, true);
  let found = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isJsxElement(node) && node.openingElement.tagName.getText() === "SubmitForm") {
      const [first] = node.children.filter((child) => child.getText().trim() !== "");
      if (first !== undefined && /<Notice\b/.test(first.getText())) found += 1;
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

test("a form shows below its fields why it failed, where its button is", () => {
  const found = files.filter((file) => formsWithEarlyReason(readSource(file)) > 0);
  expect(found).toEqual([]);
  const early = "<SubmitForm>{error && <Notice>{error}</Notice>}<Field /></SubmitForm>";
  expect(formsWithEarlyReason(early)).toBe(1);
});
