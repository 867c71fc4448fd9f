import { readFileSync, writeFileSync } from "node:fs";
import { main } from "../parts/main.ts";
import { describeCaptures } from "./describe-captures.ts";
import { openMigrationsFolder } from "./migrations-folder.ts";

/**
 * Writes the triggers of captured tables as a new migration, when they differ from the last one. With `--amend` it
 * replaces the last one, as long as no database has applied it.
 */
await main(async () => {
  const { journal, journalPath, pathOf, lastCaptures } = openMigrationsFolder();
  const text = describeCaptures();
  if (lastCaptures !== undefined && readFileSync(pathOf(lastCaptures), "utf8") === text) {
    console.log(`${lastCaptures.tag} is up to date.`);
    return 0;
  }
  if (lastCaptures !== undefined && process.argv.includes("--amend")) {
    writeFileSync(pathOf(lastCaptures), text);
    console.log(`Replaced ${lastCaptures.tag}.`);
    return 0;
  }
  const last = journal.entries.at(-1);
  const idx = (last?.idx ?? -1) + 1;
  const entry = {
    idx,
    version: last?.version ?? "7",
    when: Math.max(Date.now(), (last?.when ?? 0) + 1000),
    tag: `${String(idx).padStart(4, "0")}_captures`,
    breakpoints: true,
  };
  writeFileSync(pathOf(entry), text);
  const next = { ...journal, entries: [...journal.entries, entry] };
  writeFileSync(journalPath, `${JSON.stringify(next, null, 2)}\n`);
  console.log(`Wrote ${entry.tag}.`);
  return 0;
});
