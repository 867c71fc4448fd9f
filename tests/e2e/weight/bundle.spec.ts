import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";

const root = join(import.meta.dirname, "..", "..", "..");
const label = "Querycast developer tools";

test("no production file for browsers contains the developer tools", () => {
  const panel = readFileSync(join(root, "src/realtime/devtools/panel.tsx"), "utf8");
  expect(panel).toContain(label);
  const chunks = readdirSync(join(root, ".next", "static"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js"))
    .map((name) => ({ name, text: readFileSync(join(root, ".next", "static", name), "utf8") }));
  // Proves that the search works: a label of the site is found.
  expect(chunks.some(({ text }) => text.includes("Post comment"))).toBe(true);
  expect(chunks.filter(({ text }) => text.includes(label)).map(({ name }) => name)).toEqual([]);
});
