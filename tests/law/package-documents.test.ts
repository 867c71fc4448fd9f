import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { packageDocuments, toPackageDocument } from "../../scripts/package-documents.ts";

const root = join(import.meta.dirname, "..", "..");
const packaged = (document: string) =>
  toPackageDocument(document, readFileSync(join(root, document), "utf8"));

test("each relative link in a document of the package leads to a document of the package", () => {
  const links = packageDocuments.flatMap((document) =>
    [...packaged(document).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, path = ""]) =>
      normalize(join(dirname(document), path)),
    ),
  );
  expect(links).toContain("docs/protocol.md");
  expect(links.filter((path) => !packageDocuments.some((each) => each === path))).toEqual([]);
  expect(packageDocuments.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test("a document of the package keeps the text of a removed link, and has no image", () => {
  const text = packaged("README.md");
  expect(text).toContain("- Operations: environment, production, monitoring");
  expect(text).toContain("Documents that are named without a link are in the repository.");
  expect(text).not.toContain("![");
});
