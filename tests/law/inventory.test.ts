import { readdirSync, readFileSync } from "node:fs";
import { contract } from "querycast";
import { expect, test } from "vitest";
import { channels, kinds, liveDataList } from "@/channels/index.ts";
import { messageTitles } from "@/channels/messages.ts";
import { nameParts } from "@/features/connection/components/name-parts.ts";
import { describeInventory, isKeptFreshBy } from "../../scripts/inventory/describe-inventory.ts";
import { reasons, samples } from "../../scripts/inventory/samples.ts";
import { bindingsOf } from "../../src/realtime/query/binding/live.ts";

const root = new URL("../../", import.meta.url).pathname;
const sourceFiles = readdirSync(`${root}src`, { recursive: true, encoding: "utf8" });

/** The exported names of files, by file. */
const exportsOf = async (files: readonly string[]): Promise<readonly [string, unknown][]> => {
  const modules = await Promise.all(files.map((file) => import(`${root}src/${file}`)));
  return modules.flatMap((module: Record<string, unknown>) => Object.entries(module));
};

test("the contract contains all live data that a file in src/channels declares", async () => {
  const files = sourceFiles.filter((path) =>
    /^channels\/(?!index)[\w-]+(?<!\.test)\.ts$/.test(path),
  );
  const declared = (await exportsOf(files))
    .map(([, value]) => value)
    .filter((value) => typeof value === "object" && value !== null && "phase" in value)
    .filter((value) => !("ephemeral" in value));
  expect(declared.length).toBeGreaterThan(0);
  expect(new Set(liveDataList)).toEqual(new Set(declared));
});

test("live data names only kinds of the contract, and each ephemeral kind has a title", () => {
  const named = liveDataList.flatMap(({ on }) => Object.keys(on));
  const [ephemeral, others] = [true, false].map((isEphemeral) =>
    Object.entries(kinds)
      .filter(([, definition]) => "ephemeral" in definition === isEphemeral)
      .map(([kind]) => kind),
  );
  expect([...new Set(named)].sort()).toEqual(others?.sort());
  expect(Object.keys(messageTitles).sort()).toEqual(ephemeral?.sort());
});

test("a signal has the phase of its data, and a kind of channel the first of these", () => {
  for (const { on, phase } of liveDataList) {
    for (const [kind, signals] of Object.entries(on)) {
      const whole = channels[contract].kinds.get(kind);
      for (const name of Object.keys(signals)) expect(whole?.phaseOf(name)).toBe(phase);
    }
  }
  for (const [kind, { phase }] of Object.entries(kinds)) {
    if (kind in messageTitles) continue;
    const phases = liveDataList.filter(({ on }) => kind in on).map((data) => data.phase);
    expect(phase, kind).toBe(Math.min(...phases));
  }
});

test("the inventory has a sample of each query of the site", async () => {
  const files = sourceFiles.filter((path) => path.endsWith("/queries.ts"));
  const names = (await exportsOf(files)).map(([name]) => name);
  expect(names.filter((name) => name.endsWith("Query")).sort()).toEqual(
    Object.keys(samples).sort(),
  );
});

test("all live data has a query, and each query without signals has a reason", () => {
  const every = Object.values(samples).flat();
  for (const data of liveDataList) {
    expect(
      every.some((sample) => isKeptFreshBy(sample, data)),
      data.title,
    ).toBe(true);
  }
  const unbound = Object.entries(samples)
    .filter(([, list]) => list.some((sample) => bindingsOf(sample).length === 0))
    .map(([name]) => name);
  expect(Object.keys(reasons).sort()).toEqual(unbound.sort());
});

test("a page can name in words what each live query shows", () => {
  const bound = Object.values(samples).flatMap((list) =>
    list.filter((sample) => bindingsOf(sample).length > 0),
  );
  const names = bound.map(({ queryKey }) => nameParts([queryKey]));
  expect(names).toContain("team members");
  expect(names.filter((name) => !/^[a-z]+( [a-z]+)*$/.test(name))).toEqual([]);
});

test("docs/inventory.md is up to date with the code (npm run inventory)", () => {
  expect(readFileSync(`${root}docs/inventory.md`, "utf8")).toBe(describeInventory());
});

test("the home feed, its polling and the top tags are bound to no channel", () => {
  const [home] = samples.articleFeedQuery ?? [];
  for (const sample of [
    home,
    ...(samples.newerArticlesQuery ?? []),
    ...(samples.topTagsQuery ?? []),
  ]) {
    expect(sample?.queryKey[0]).toMatch(/^(article-feed|newer-articles|top-tags)$/);
    expect(bindingsOf(sample ?? {})).toEqual([]);
  }
});
