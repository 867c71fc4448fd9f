import { expect, test } from "vitest";
import { decodeSignal } from "./signal.ts";

/**
 * Frames as builds of before and after this one put them on the wire, byte for byte: while a release is
 * rolled out both are heard. None of these may ever be changed; what is new gets a line of its own.
 */
const anything = { ids: undefined, origin: undefined, last: undefined, after: undefined };

test.each([
  [
    "the first release, without a chain",
    '{"v":1,"id":"6f1c","ids":[{"commentId":"9b1d"}],"origin":"m-41"}',
    { id: "6f1c", ids: [{ commentId: "9b1d" }], origin: "m-41", last: undefined, after: undefined },
  ],
  [
    "a release whose frames name the one before",
    '{"v":1,"id":"a","last":"c","after":"0","ids":[{"commentId":"1"},{"commentId":"2"}]}',
    {
      id: "a",
      ids: [{ commentId: "1" }, { commentId: "2" }],
      origin: undefined,
      last: "c",
      after: "0",
    },
  ],
  ["a frame whose ids did not fit", '{"v":1,"id":"a"}', { ...anything, id: "a" }],
  [
    "a release with a field nobody knows yet",
    '{"v":1,"id":"a","ids":[{"commentId":"1"}],"trace":"00-1","priority":3}',
    { ...anything, id: "a", ids: [{ commentId: "1" }] },
  ],
  [
    "the next version, whose ids may mean something else",
    '{"v":2,"id":"a","after":"0","ids":{"commentId":"1"}}',
    { ...anything, id: "a", after: "0" },
  ],
  ["a version without anything we know", '{"v":3,"event":{"key":"1"}}', { ...anything, id: "" }],
])("W5 the frame of %s is understood, or means anything", (_what, data, expected) => {
  const signal = { ...expected, name: "comment.created" };
  expect(decodeSignal("comment.created", data)).toEqual(signal);
  // Brokers hand it over as text, some clients of theirs parsed.
  expect(decodeSignal("comment.created", JSON.parse(data))).toEqual(signal);
});
