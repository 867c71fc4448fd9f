import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const folder = join(import.meta.dirname, "..", "..", "docs", "decisions");
const records = readdirSync(folder)
  .filter((file) => /^\d{4}-.+\.md$/.test(file))
  .map((file) => {
    const text = readFileSync(join(folder, file), "utf8");
    const [, number = "", title = ""] = /^# (\d+)\. (.+)$/m.exec(text) ?? [];
    const [, status = ""] = /^## Status\n+((?:.+\n)+)/m.exec(text) ?? [];
    return { file, number: Number(number), title, status };
  });
const rows = readFileSync(join(folder, "README.md"), "utf8")
  .split("\n")
  .map((line) => /^\| (\d+) +\| \[(.+)\]\((.+)\) +\| (.+?) +\|$/.exec(line))
  .flatMap((row) => (row === null ? [] : [row.slice(1)]));

test("the index of decisions has each record, with its title", () => {
  expect(records.length).toBeGreaterThan(30);
  expect(rows.map((row) => row.slice(0, 3))).toEqual(
    records.map(({ number, title, file }) => [String(number), title, file]),
  );
});

test("the status of a record in the index names each later decision that its own status names", () => {
  for (const [index, { number, status }] of records.entries()) {
    const shown = rows[index]?.[3] ?? "";
    const later = [...status.matchAll(/\]\((\d{4})-/g)].map(([, n]) => Number(n));
    for (const n of later.filter((each) => each > number)) {
      expect(shown, `${number}`).toMatch(new RegExp(`\\b${n}\\b`));
    }
    const isSuperseded = /\bsupersede[ds]\b/i.test(status) && later.some((n) => n > number);
    expect(/superseded/.test(shown), `${number}`).toBe(isSuperseded);
  }
});
