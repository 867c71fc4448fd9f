import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
}).split("\n");
const known = new Set(files);
for (const file of files) {
  for (let folder = dirname(file); folder !== "."; folder = dirname(folder)) known.add(folder);
}
/** A path of the repository in backticks. Patterns such as `src/**` are none. */
const quoted =
  /`((?:src|app|inngest|tests|scripts|bench|docs|tools|docker|\.ci)\/[\w./[\]-]+?)\/?`/g;
const linked = /\]\((?!https?:)([^)#\s]+)/g;

test("each path and link in a document leads to a file or folder", () => {
  const documents = files.filter((file) => /\.md$/.test(file) && !file.startsWith("src/db/seed/"));
  expect(documents.length).toBeGreaterThan(30);
  const broken = documents.flatMap((document) => {
    const text = readFileSync(join(root, document), "utf8");
    const paths = [...text.matchAll(quoted)].map(([, path = ""]) => path);
    const links = [...text.matchAll(linked)].map(([, path = ""]) =>
      normalize(join(dirname(document), path)).replace(/\/$/, ""),
    );
    return [...paths, ...links]
      .filter((path) => !known.has(path))
      .map((path) => `${document}: ${path}`);
  });
  expect(broken).toEqual([]);
});
