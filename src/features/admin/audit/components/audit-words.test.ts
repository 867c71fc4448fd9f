import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { auditActions, auditSentence } from "./audit-words.ts";

const [person, article] = [
  "7c9e6679-7425-40de-944b-e07fc1f90ae7",
  "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d",
] as const;

const plain = (entry: Parameters<typeof auditSentence>[0]) =>
  auditSentence(entry)
    .map((part) => (typeof part === "string" ? part : JSON.stringify(part)))
    .join("");

test.each([
  [
    "user.role-changed",
    `user ${person}`,
    { from: "reader", to: "author" },
    `changed the role of {"id":"${person}"} from reader to author`,
  ],
  [
    "comment.removed",
    `comment ${article}`,
    { authorId: person, articleId: article, gistId: null, reason: "" },
    `removed a comment by {"id":"${person}"} on {"id":"${article}"}`,
  ],
  [
    "phase.changed",
    "phase 3",
    { from: null, to: { status: "percent", percent: 10 } },
    "set phase 3 to on for 10 %",
  ],
  [
    "channel.banned",
    `tag.${article}`,
    { userId: null, channel: `tag.${article}` },
    `banned all people from {"channel":"tag.${article}"}`,
  ],
  ["join.denied", `user.${person}`, { via: "join" }, `was refused {"channel":"user.${person}"}`],
  ["something.new", "x", {}, "something.new: x"],
])("%s is shown as a sentence", (action, subject, detail, sentence) => {
  expect(plain({ action, subject, detail })).toBe(sentence);
});

test("every action that the site records has a sentence", () => {
  const root = new URL("../../../../", import.meta.url).pathname;
  const files = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(ts|sql)$/.test(path) && !path.includes(".test."))
    .map((path) => readFileSync(`${root}${path}`, "utf8"))
    .filter((text) => /note(?:Audit|Act)\(|INTO audit_log/.test(text));
  const recorded = files.flatMap((text) =>
    [
      ...text.matchAll(
        /(?:action: |act\("\w+", |INTO audit_log [^']*VALUES[^']*)["']([a-z-]+\.[a-z-]+)["']/g,
      ),
    ].map(([, action]) => action),
  );
  expect(recorded.length).toBeGreaterThan(10);
  expect([...new Set(recorded)].sort()).toEqual([...auditActions].sort());
});
