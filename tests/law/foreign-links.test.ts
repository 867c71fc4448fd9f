import ts from "typescript";
import { expect, test } from "vitest";
import { readSource, shippedFiles } from "./source-files.ts";

/** The one component that links to addresses of people. The renderer of texts has its own rule. */
const foreignLink = "src/ui/foreign-link.tsx";
const files = shippedFiles().filter((file) => file.endsWith(".tsx") && file !== foreignLink);

/** A literal path of this site, with `/`, `#` or `?` in front. A second slash would name another host. */
const ownLiteral = /^["`](\/(?![/\\])|#|\?)/;
/** Variables, properties and functions of paths have one of these names. */
const ownName = /^(\w+\.)*(\w*Path|\w*Href|path|href|home|exported|signInHere)$/;

/** Whether an address starts with a path of this site, in each of its cases. */
function isOwn(address: ts.Expression): boolean {
  if (ts.isConditionalExpression(address))
    return isOwn(address.whenTrue) && isOwn(address.whenFalse);
  if (ts.isCallExpression(address)) return ownName.test(address.expression.getText());
  if (ts.isTemplateExpression(address) && address.head.text === "") {
    const [first] = address.templateSpans;
    return first !== undefined && isOwn(first.expression);
  }
  const text = address.getText();
  return text === '""' || ownLiteral.test(text) || ownName.test(text);
}

/** Addresses of links, other than paths of this site. */
function foreignAddresses(text: string): string[] {
  const source = ts.createSourceFile("a.tsx", text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJsxAttribute(node) && node.name.getText() === "href") {
      const value = node.initializer;
      const address = value !== undefined && ts.isJsxExpression(value) ? value.expression : value;
      const tag = node.parent.parent.tagName.getText();
      const isMarked = tag === "ForeignLink";
      if (address !== undefined && !isMarked && !isOwn(address as ts.Expression)) {
        found.push(address.getText());
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

test("a link to an address that people entered is a ForeignLink; every other link is a path of this site", () => {
  expect(files.length).toBeGreaterThan(100);
  const found = files.flatMap((file) =>
    foreignAddresses(readSource(file)).map((address) => [file, address]),
  );
  expect(found).toEqual([]);
  expect(readSource(foreignLink)).toMatch(/rel="[^"]*\bnofollow ugc\b/);
});

test.each([
  "{source.url}",
  `{\`\${source.url}#a\`}`,
  '"https://a.example"',
  '"//a.example"',
  "{isIt ? url : path}",
])("the law finds the address %s", (address) => {
  expect(foreignAddresses(`<a href=${address}>a</a>`)).toHaveLength(1);
  expect(foreignAddresses(`<Link href=${address}>a</Link>`)).toHaveLength(1);
  expect(foreignAddresses(`<ForeignLink href=${address}>a</ForeignLink>`)).toEqual([]);
});
