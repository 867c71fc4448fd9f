import { expect, test } from "vitest";
import type { ChangePreview } from "../schema.ts";
import { previewWords } from "./preview-words.ts";

const none: ChangePreview = {
  people: 0,
  channels: 0,
  subscriptions: 0,
  losses: [],
  grows: false,
  isExact: true,
  countsOneProcess: false,
};

test.each<[string, Partial<ChangePreview>]>([
  ["No one loses live updates.", {}],
  ["No one loses live updates. More people may get them.", { grows: true }],
  [
    "1 person (2 subscriptions on 2 channels) loses live updates: Comments.",
    { people: 1, subscriptions: 2, channels: 2, losses: ["Comments"] },
  ],
  [
    "About 1,200 people (1,500 subscriptions on 1 channel) lose live updates: Comments, Reactions.",
    {
      people: 1_200,
      subscriptions: 1_500,
      channels: 1,
      losses: ["Comments", "Reactions"],
      isExact: false,
    },
  ],
  [
    "3 subscriptions on 1 channel lose live updates: Tag feed.",
    { people: null, subscriptions: 3, channels: 1, losses: ["Tag feed"] },
  ],
  [
    "No one loses live updates. Only one server process is counted: with others, more people may lose live updates.",
    { countsOneProcess: true },
  ],
])("the preview reads %j", (words, preview) => {
  expect(previewWords({ ...none, ...preview })).toBe(words);
});
