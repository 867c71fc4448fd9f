import fc from "fast-check";
import { expect, test } from "vitest";
import { channel, contract, defineChannels } from "./channel.ts";
import { encodeId } from "./encode-id.ts";
import { ids } from "./ids.ts";
import { limits } from "./limits.ts";
import { mergeSignals } from "./merge-signals.ts";
import { checkSignal, decodeSignal, encodeSignal, type Signal, signal } from "./signal.ts";

const channels = defineChannels({
  resource: channel("resource.{resourceId}")
    .signal("comment.created", ids("commentId"))
    .signal("reaction.changed"),
});
const resource = channels.resource({ resourceId: "r1" });
const check = (outgoing: unknown) => checkSignal(channels[contract], outgoing as never);

test("W3 S3.1 a frame carries ids and nothing else", () => {
  const frame = encodeSignal({
    id: "a1",
    name: "comment.created",
    ids: [{ commentId: "c1" }],
    origin: "m1",
  });
  expect(JSON.parse(frame)).toEqual({ v: 1, id: "a1", origin: "m1", ids: [{ commentId: "c1" }] });
});

test.each([
  ["a title", { commentId: "Ten things I learned" }],
  ["a body beside the id", { commentId: "c1", body: "Well said" }],
  ["an object", { commentId: { body: "Well said" } }],
  ["markup", { commentId: "<b>1</b>" }],
  ["a fraction", { commentId: 1.5 }],
  ["JSON", { commentId: '{"title":"Ten"}' }],
  ["a sentence of 65 characters without white space", { commentId: "a".repeat(65) }],
  ["a list", [{ commentId: "c1" }]],
  ["nothing", {}],
])("W3 S3.1 a signal with %s in place of ids does not leave the server", (_what, content) => {
  expect(() => check({ channel: resource, name: "comment.created", ids: content })).toThrow(
    expect.objectContaining({ code: "invalid_signal" }),
  );
});

test("a signal that its channel does not declare, or on a channel outside the contract, is refused", () => {
  const { ids: given } = signal(resource, "comment.created", { commentId: 1 });
  expect(() => check({ channel: resource, name: "tag.renamed" })).toThrow(/not declared/);
  expect(() => check({ channel: { ...resource, kind: "tag" }, name: "comment.created" })).toThrow(
    /no channel kind/,
  );
  const forged = { kind: "resource", name: "user.1", params: { resourceId: "r1" } };
  expect(check({ channel: forged, name: "comment.created", ids: given }).channel).toEqual(resource);
});

test("W4 a frame whose ids do not fit is sent without ids: anything on this channel", () => {
  const many = Array.from({ length: 100 }, (_, index) => ({ commentId: `comment-${index}` }));
  const frame = encodeSignal({ id: "a1", name: "comment.created", ids: many, origin: undefined });
  expect(new TextEncoder().encode(frame).length).toBeLessThanOrEqual(limits.signalBytes);
  expect(decodeSignal("comment.created", frame).ids).toBeUndefined();
});

test("W5 S3.24 any data from a broker is parsed without an exception, as ids or as: anything on this channel", () => {
  const anything = fc.oneof(
    fc.json(),
    fc.string(),
    fc.anything(),
    fc.constant('{"v":1,"ids":[{"__proto__":"x"}]}'),
  );
  fc.assert(
    fc.property(anything, (data) => {
      const read = decodeSignal("comment.created", data);
      for (const each of read.ids ?? []) {
        for (const [name, value] of Object.entries(each)) {
          expect(name).toMatch(/^[a-z][A-Za-z0-9]*Id$/);
          expect(encodeId(value)).toMatch(/^[A-Za-z0-9_\-=@,;]{1,64}$/);
        }
      }
    }),
  );
});

test("W5 a signal of another version means: anything on this channel", () => {
  const read = decodeSignal("comment.created", { v: 2, id: "a1", ids: [{ commentId: "c1" }] });
  expect(read).toMatchObject({ id: "a1", ids: undefined });
});

const hexId = fc.stringMatching(/^[0-9a-f]{32}$/);
const signals = fc.uniqueArray(
  fc.record<Signal>({
    id: hexId,
    name: fc.constantFrom("comment.created", "comment.deleted", "reaction.changed"),
    ids: fc.option(
      fc.array(fc.record({ commentId: fc.constantFrom("1", "2", "3") }), {
        minLength: 1,
        maxLength: 1,
      }),
      { nil: undefined, freq: 6 },
    ),
    origin: fc.option(fc.constantFrom("m1", "m2"), { nil: undefined }),
  }),
  { selector: ({ id }) => id, maxLength: 12 },
);

test("a merged signal has all ids of its parts", () => {
  fc.assert(
    fc.property(signals, (parts) => {
      const merged = mergeSignals(parts);
      expect(new Set(merged.map(({ name }) => name)).size).toBe(merged.length);
      for (const part of parts) {
        const whole = merged.find(({ name }) => name === part.name);
        if (part.ids === undefined) expect(whole?.ids).toBeUndefined();
        else if (whole?.ids !== undefined)
          expect(whole.ids).toEqual(expect.arrayContaining([...part.ids]));
      }
    }),
  );
});

test("the id of a merged signal differs from those of its parts and does not depend on their order", () => {
  fc.assert(
    fc.property(signals, (parts) => {
      const idsOf = (list: readonly Signal[]) =>
        new Set(mergeSignals(list).map(({ name, id }) => `${name} ${id}`));
      expect(idsOf([...parts].reverse())).toEqual(idsOf(parts));
      const [, ...rest] = parts;
      if (rest.length > 0) expect(idsOf(rest)).not.toEqual(idsOf(parts));
    }),
  );
});

test("a merged signal has an origin only if all parts have the same one", () => {
  const part = (id: string, origin: string | undefined): Signal => ({
    id,
    name: "reaction.changed",
    ids: undefined,
    origin,
  });
  expect(mergeSignals([part("a1", "m1"), part("b2", "m1")])[0]?.origin).toBe("m1");
  expect(mergeSignals([part("a1", "m1"), part("b2", "m2")])[0]?.origin).toBeUndefined();
  expect(mergeSignals([part("a1", "m1"), part("b2", undefined)])[0]?.origin).toBeUndefined();
});
