import { expect, test } from "vitest";
import { decodeSignal } from "./signal.ts";

/**
 * Frames of older and newer builds, byte for byte. During a release clients receive both. Add a line for a
 * new format; do not change one.
 */
const anything = { ids: undefined, origin: undefined, last: undefined, after: undefined };

test.each([
  [
    "the first release, without predecessor links",
    '{"v":1,"id":"6f1c","ids":[{"commentId":"9b1d"}],"origin":"m-41"}',
    { id: "6f1c", ids: [{ commentId: "9b1d" }], origin: "m-41", last: undefined, after: undefined },
  ],
  [
    "a release with predecessor links",
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
    "a release with unknown fields",
    '{"v":1,"id":"a","ids":[{"commentId":"1"}],"trace":"00-1","priority":3}',
    { ...anything, id: "a", ids: [{ commentId: "1" }] },
  ],
  [
    "the next version, whose ids may have another meaning",
    '{"v":2,"id":"a","after":"0","ids":{"commentId":"1"}}',
    { ...anything, id: "a", after: "0" },
  ],
  ["a version without any known field", '{"v":3,"event":{"key":"1"}}', { ...anything, id: "" }],
])(
  "W5 the frame of %s is parsed, or read as: anything may have changed",
  (_what, data, expected) => {
    const signal = { ...expected, name: "comment.created" };
    expect(decodeSignal("comment.created", data)).toEqual(signal);
    // Some broker clients pass the data parsed instead of as text.
    expect(decodeSignal("comment.created", JSON.parse(data))).toEqual(signal);
  },
);
