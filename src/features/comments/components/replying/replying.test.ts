import { expect, test } from "vitest";
import { replyingMs } from "@/channels/messages.ts";
import { replyingText, withMessage, withoutExpired } from "./repliers.ts";
import { createReplyNotes } from "./reply-notes.ts";

const note = (type: "reply.typed" | "reply.ended", userId: string, targetId = "comment") => {
  const message = { id: `${type} ${userId}`, sentAtMs: 0 };
  return type === "reply.ended"
    ? { ...message, type, fields: { targetId, userId } }
    : { ...message, type, fields: { targetId, userId, handle: userId } };
};

test("while a person types, one note is sent in three seconds, and one when the text is empty or sent", () => {
  let nowMs = 0;
  const sent: boolean[] = [];
  const notes = createReplyNotes(
    (isTyping) => sent.push(isTyping),
    () => nowMs,
  );
  notes.end();
  notes.typed(" ");
  expect(sent).toEqual([]);
  for (nowMs = 0; nowMs <= 6_000; nowMs += 100) notes.typed("Well");
  expect(sent).toEqual([true, true, true]);
  notes.typed("");
  notes.end();
  expect(sent).toEqual([true, true, true, false]);
  notes.typed("Again");
  expect(sent.at(-1)).toBe(true);
});

test("a person is shown at one comment, until the end of the note or the end of the reply", () => {
  const typed = withMessage([], note("reply.typed", "ann"), 0);
  const moved = withMessage(typed, note("reply.typed", "ann", "other"), 1_000);
  expect(moved).toEqual([
    { userId: "ann", handle: "ann", targetId: "other", untilMs: 1_000 + replyingMs },
  ]);
  // The end of the first reply does not end the second one.
  expect(withMessage(moved, note("reply.ended", "ann"), 1_000)).toEqual(moved);
  expect(withMessage(moved, note("reply.ended", "ann", "other"), 1_000)).toEqual([]);
  expect(withoutExpired(moved, 999 + replyingMs)).toBe(moved);
  expect(withoutExpired(moved, 1_000 + replyingMs)).toEqual([]);
});

test("two people are named, more are counted", () => {
  expect(replyingText([])).toBe("");
  expect(replyingText(["Ann"])).toBe("Ann is replying…");
  expect(replyingText(["Ann", "Ben"])).toBe("Ann and Ben are replying…");
  expect(replyingText(["Ann", "Ben", "Rea"])).toBe("Ann and 2 others are replying…");
});
