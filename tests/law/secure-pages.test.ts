import ts from "typescript";
import { expect, test } from "vitest";
import { readSource, shippedFiles } from "./source-files.ts";

const files = shippedFiles();

/** What browsers keep from a page that was loaded over plain http from another host than localhost. */
const securePagesOnly: Readonly<Record<string, readonly string[]>> = {
  crypto: ["randomUUID", "subtle"],
  navigator: [
    ...["bluetooth", "clipboard", "credentials", "geolocation", "gpu", "hid", "keyboard", "locks"],
    ...["mediaDevices", "requestMediaKeySystemAccess", "requestMIDIAccess", "serial"],
    ...["serviceWorker", "share", "storage", "storageBuckets", "usb", "userAgentData", "wakeLock"],
  ],
};
const globalsOfSecurePages = [
  ...["caches", "cookieStore", "Notification", "PushManager", "showOpenFilePicker"],
  ...["showDirectoryPicker", "showSaveFilePicker"],
];
const objects = new Set(["globalThis", "window", "self"]);

/** Parsing every file takes seconds; few have one of the words. */
const words = new RegExp(
  `\\b(${[...Object.values(securePagesOnly).flat(), ...globalsOfSecurePages].join("|")})\\b`,
);

/** Uses of such an API as `name` or `object.name`, also when it is destructured. */
function securePageApis(file: string, text: string): string[] {
  if (!words.test(text)) return [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  /** `crypto` of `crypto`, `window.crypto` and `globalThis.crypto`. */
  const globalOf = (node: ts.Expression): string | null => {
    if (ts.isIdentifier(node)) return node.text;
    const isOfGlobal =
      ts.isPropertyAccessExpression(node) &&
      ts.isIdentifier(node.expression) &&
      objects.has(node.expression.text);
    return isOfGlobal ? node.name.text : null;
  };
  const note = (object: string | null, name: string) => {
    if (object === null) return;
    if (securePagesOnly[object]?.includes(name)) found.push(`${object}.${name}`);
    if (objects.has(object) && globalsOfSecurePages.includes(name)) found.push(name);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) note(globalOf(node.expression), node.name.text);
    if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name) && node.initializer)
      for (const { propertyName, name } of node.name.elements)
        note(globalOf(node.initializer), (propertyName ?? name).getText());
    if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
      const called = globalOf(node.expression);
      if (called !== null && globalsOfSecurePages.includes(called)) found.push(called);
    }
    if (
      ts.isPropertyAccessExpression(node) &&
      ts.isIdentifier(node.expression) &&
      globalsOfSecurePages.includes(node.expression.text)
    )
      found.push(node.expression.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

test("what browsers keep from pages loaded over plain http is used in these places alone, which do without it", () => {
  const used = files.flatMap((file) => {
    const apis = securePageApis(file, readSource(file));
    return [...new Set(apis)].map((api) => `${file}: ${api}`);
  });
  expect(used.sort()).toEqual([
    // Without it the tab's own signals cost one read more.
    "src/realtime/protocol/origin.ts: crypto.subtle",
    // Reached only where there are locks.
    "src/realtime/transports/shared/tabs.ts: crypto.randomUUID",
    // Without it, each tab opens a separate connection.
    "src/realtime/transports/shared/tabs.ts: navigator.locks",
    // Without it the selection is copied.
    "src/ui/forms/copy-text.ts: navigator.clipboard",
  ]);
});

test.each([
  ["const id = crypto.randomUUID();", ["crypto.randomUUID"]],
  ["await globalThis.crypto.subtle.digest(a, b);", ["crypto.subtle"]],
  ["const { locks } = navigator;", ["navigator.locks"]],
  ["const { clipboard: board } = window.navigator;", ["navigator.clipboard"]],
  ["new Notification('x');", ["Notification"]],
  ["await caches.open('x');", ["caches"]],
  ["import { randomUUID } from 'node:crypto'; const a = randomUUID();", []],
  ["const bytes = crypto.getRandomValues(new Uint8Array(1));", []],
])("the search finds each of the ways to write it: %s", (text, found) => {
  expect(securePageApis("page.ts", text)).toEqual(found);
});
