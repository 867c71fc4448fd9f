import { expect, test } from "vitest";
import { kinds, liveDataList } from "@/channels/index.ts";
import { channelWords } from "@/lib/text/channel-words.ts";
import { idWords } from "./id-words.ts";

const id = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
/** Values of parameters that are no ids. */
const values: Readonly<Record<string, readonly string[]>> = {
  resourceType: ["article", "gist"],
  clearance: ["public", "member", "editor"],
};

/** A channel name for each combination of values in a pattern. */
function namesOf(pattern: string): readonly string[] {
  const [, before = "", param = "", after = ""] = /^(.*?)\{(\w+)\}(.*)$/.exec(pattern) ?? [];
  if (param === "") return [pattern];
  return (values[param] ?? [id]).flatMap((value) => namesOf(`${before}${value}${after}`));
}

test("each kind of channels has words for the console", () => {
  const names = Object.values(kinds).flatMap(({ pattern }) => namesOf(pattern));
  expect(names).toContain(`figures.editor.${id}`);
  expect(names.filter((name) => channelWords(name) === undefined)).toEqual([]);
});

test("each id of the site's signals has the name of its row or words", async () => {
  const schemas = liveDataList.flatMap(({ on }) => Object.values(on).flatMap(Object.values));
  const named = new Set<string>();
  for (const schema of schemas) {
    const { issues } = (await schema?.["~standard"].validate({})) ?? {};
    for (const { message } of issues ?? []) {
      for (const name of message.replace("missing: ", "").split(", ")) named.add(name);
    }
  }
  expect(named).toContain("observationId");
  expect([...named].filter((name) => idWords(name, id) === undefined)).toEqual(["observationId"]);
  expect(idWords("observationId", "12")).toEqual({ words: "OBS-0012" });
});
