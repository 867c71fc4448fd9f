import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { channelAttacks } from "../../../tests/support/hostile/channel-attacks.ts";
import { channel, contract, defineChannels } from "./channel.ts";
import { ids } from "./ids.ts";
import { limits } from "./limits.ts";
import { toWireName } from "./wire-name.ts";

const channels = defineChannels({
  user: channel("user.{userId}").signal("notification.created", ids("notificationId")),
  resource: channel("resource.{resourceType}.{resourceId}", {
    params: z.object({ resourceType: z.enum(["article", "gist"]), resourceId: z.string() }),
  }).signal("comment.created", ids("commentId")),
  news: channel("news").signal("news.published"),
});
const { parse, refer } = channels[contract];

const declare = (pattern: string) => () => channel(pattern);

test.each([
  ["", "empty"],
  ["{userId}", "no word in front"],
  ["User.{userId}", "upper case"],
  ["user.{userId}.{}", "a parameter without a name"],
  ["user.{user id}", "white space"],
  ["user.x{userId}", "a parameter that is only a part of a segment"],
  ["user..{userId}", "an empty segment"],
  ["private-é.{userId}", "letters outside of the alphabet"],
  ["user:{userId}", "a colon, which separates what is signed"],
  ["#server-to-user.{userId}", "a name that brokers keep for themselves"],
])("a pattern is checked when the module loads: %j has %s", (pattern) => {
  expect(declare(pattern)).toThrow(expect.objectContaining({ code: "invalid_contract" }));
});

test("W2 a pattern whose longest name exceeds the limit is refused at load, and the message has both lengths", () => {
  expect(declare("room.{aId}.{bId}.{cId}")).toThrow(/219 characters on the wire, 164 are allowed/);
});

test.each(["encrypted-notes.{noteId}", "cache-totals.{totalId}"])(
  "W2 the pattern %s is refused at load: brokers reserve its first word after private-",
  (pattern) => {
    expect(() => channel(pattern)).toThrow(/Brokers reserve words/);
  },
);

test("two kinds with the same first word are refused", () => {
  expect(() =>
    defineChannels({ a: channel("post.{postId}"), b: channel("post.{postId}.comments") }),
  ).toThrow(/both start with "post\."/);
});

test("a signal declared twice, or not named noun.verb, is refused", () => {
  const post = channel("post.{postId}").signal("post.updated");
  expect(() => post.signal("post.updated")).toThrow(/declared twice/);
  expect(() => post.signal("Post.Updated")).toThrow(/noun\.verb/);
});

test("a phase that is not a whole number from 1 is refused", () => {
  for (const phase of [0, -1, 1.5, Number.NaN]) {
    expect(() => channel("post.{postId}", { phase })).toThrow(/Phases are whole numbers/);
  }
});

test.each(channelAttacks)("W1 the name %j is refused as a channel name", (name) => {
  expect(() => parse(name)).toThrow(expect.objectContaining({ code: "invalid_channel" }));
});

test("a name of 100,000 characters is refused quickly", () => {
  expect(() => parse(`user.${"a".repeat(100_000)}`)).toThrow(/No channel .* has this name/);
});

test.each([[["user.1"]], [{ toString: () => "user.1" }], [1], [null], [undefined], [true]])(
  "%j, which is not a string, is refused as a channel name",
  (name) => {
    expect(() => parse(name)).toThrow(expect.objectContaining({ code: "invalid_channel" }));
  },
);

const noIds = [1.5, 2 ** 53, 1e21, Number.NaN, Number.POSITIVE_INFINITY, true, null, ["1"], {}, ""];
test.each([...noIds, "a b", "a\n", "a\0", "\u200b", "\ud800", "<b>1</b>", '{"a":1}'])(
  "W9 the parameter %j is refused as an id",
  (userId) => {
    expect(() => refer("user", { userId })).toThrow(
      expect.objectContaining({ code: "invalid_channel" }),
    );
  },
);

test("parameters are read from the object itself, not from its prototype", () => {
  const inherited = Object.create({ userId: "1" }) as unknown;
  expect(() => refer("user", inherited)).toThrow(/userId/);
  expect(() => refer("__proto__", { userId: "1" })).toThrow(/no channel kind/);
});

const id = fc.oneof(
  fc.maxSafeNat(),
  fc.uuid(),
  fc.stringMatching(new RegExp(`^[A-Za-z0-9_=@,;-]{1,${limits.idLength}}$`)),
);

test("W1 every name is parsed to the reference it was made from", () => {
  const refs = fc.oneof(
    id.map((userId) => channels.user({ userId })),
    fc
      .tuple(fc.constantFrom("article" as const, "gist" as const), id)
      .map(([resourceType, resourceId]) =>
        channels.resource({ resourceType, resourceId: String(resourceId) }),
      ),
    fc.constant(channels.news({})),
  );
  fc.assert(
    fc.property(refs, (ref) => {
      expect(parse(ref.name)).toEqual(ref);
      expect(JSON.parse(JSON.stringify(ref))).toEqual(ref);
    }),
  );
});

test("W1 every text that is parsed as a channel is the channel's name, and within the limit of the wire", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.stringMatching(/^(user|resource|news)[.A-Za-z0-9:#{} -]{0,80}$/),
  );
  fc.assert(
    fc.property(text, (name) => {
      let ref: ReturnType<typeof parse>;
      try {
        ref = parse(name);
      } catch {
        return;
      }
      expect(ref.name).toBe(name);
      expect(toWireName(name, 2_147_483_647)).toMatch(/^private-[A-Za-z0-9_\-=@,.;]{1,156}$/);
    }),
    { numRuns: 2000 },
  );
});
