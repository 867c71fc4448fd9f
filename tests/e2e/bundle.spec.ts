import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";

const root = join(import.meta.dirname, "..", "..");
const label = "Querycast developer tools";

test("the developer tools are in no file a browser can be sent in production", () => {
  const panel = readFileSync(join(root, "src/realtime/devtools/panel.tsx"), "utf8");
  expect(panel).toContain(label);
  const chunks = readdirSync(join(root, ".next", "static"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js"))
    .map((name) => ({ name, text: readFileSync(join(root, ".next", "static", name), "utf8") }));
  // What is looked for would be found: a label of the site is.
  expect(chunks.some(({ text }) => text.includes("Post comment"))).toBe(true);
  expect(chunks.filter(({ text }) => text.includes(label)).map(({ name }) => name)).toEqual([]);
});
