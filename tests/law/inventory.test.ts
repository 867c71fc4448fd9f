import { readdirSync, readFileSync } from "node:fs";
import { contract } from "querycast";
import { expect, test } from "vitest";
import { describeInventory } from "@/channels/describe-inventory.ts";
import { kinds } from "@/channels/kinds.ts";
import { isLive, type Row } from "@/channels/live-row.ts";
import { channels, inventory } from "@/wiring/inventory.ts";

const root = new URL("../../", import.meta.url).pathname;

test("the inventory contains each row that a feature declares", async () => {
  const features = readdirSync(`${root}src/features`, { recursive: true, encoding: "utf8" });
  const files = features.filter((path) => path.endsWith("/live.ts"));
  const declared = await Promise.all(
    files.map(async (file) => Object.values<Row>(await import(`${root}src/features/${file}`))),
  );
  expect(new Set(inventory)).toEqual(new Set(declared.flat()));
});

test("docs/inventory.md is up to date with the code (npm run inventory)", () => {
  expect(readFileSync(`${root}docs/inventory.md`, "utf8")).toBe(describeInventory(inventory));
});

test("a signal has the phase of its row, and no kind of channel starts before its first row", () => {
  for (const row of inventory.filter(isLive)) {
    for (const [kind, { signals }] of Object.entries(row.definitions)) {
      const whole = channels[contract].kinds.get(kind);
      for (const name of signals.keys()) expect(whole?.phaseOf(name)).toBe(row.phase);
    }
  }
  for (const [kind, { phase }] of Object.entries(kinds)) {
    const phases = inventory
      .filter(isLive)
      .filter((row) => kind in row.definitions)
      .map((row) => row.phase);
    expect(phase, kind).toBe(Math.min(...phases));
  }
});

test("S3.17 S3.18 the home feed and the top tags have no channel", () => {
  const fetched = inventory.filter((row) => !isLive(row));
  expect(fetched.map(({ title }) => title)).toEqual(["Home feed", "Top tags"]);
  for (const { queries } of inventory.filter(isLive)) {
    expect(queries.join()).not.toMatch(/"article-feed"|"top-tags"/);
  }
});
