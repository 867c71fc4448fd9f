import { expect, test } from "vitest";
import { channelTitle, channelWords } from "./channel-words.ts";

const id = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

test.each([
  [`user.${id}`, "Own channel of", "person"],
  [`resource.gist.${id}`, "Gist", "gist"],
  [`figures.member.${id}`, "Figures for members of", "publication"],
] as const)("the channel %s has words and a row", (channel, words, type) => {
  expect(channelWords(channel)).toEqual({ words, row: { type, id } });
  expect(channelWords(channel.replace(id, id.toUpperCase()))).toEqual({ words, row: { type, id } });
});

test("a channel without a row has words alone", () => {
  expect(channelWords("site")).toEqual({ words: "Every open page" });
  expect(channelWords(`import.${id}`)).toEqual({ words: "Progress of an import" });
});

test("a channel of another kind, or without the id of its kind, has no words", () => {
  for (const name of ["user", "user.x", `other.${id}`, "", `user.${id}.${id}x`, `site.${id}`]) {
    expect(channelWords(name)).toBeUndefined();
  }
});

test("a channel is one phrase, also when its row has no name", () => {
  const names = {
    [id]: { type: "publication", label: "Paper", href: "/publications/paper" },
  } as const;
  expect(channelTitle(`chat.${id}`, names)).toBe("Desk of Paper");
  expect(channelTitle(`chat.${id}`, {})).toBe("Desk of a deleted publication");
  expect(channelTitle(`resource.gist.${id}`, {})).toBe("A deleted or private gist");
  expect(channelTitle("site", {})).toBe("Every open page");
  expect(channelTitle("other", {})).toBe("other");
});
