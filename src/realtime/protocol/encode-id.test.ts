import fc from "fast-check";
import { expect, test } from "vitest";
import { channel, contract, defineChannels } from "./channel.ts";
import { decodeId, encodeId, isIdText } from "./encode-id.ts";
import { ids } from "./ids.ts";
import { limits } from "./limits.ts";
import { checkSignal, decodeSignal, encodeSignal, signal } from "./signal.ts";

const alphabet = /^[A-Za-z0-9_\-=@,;]+$/;
const channels = defineChannels({
  user: channel("user.{userId}").signal("note.added", ids("noteId")),
  pair: channel("pair.{firstId}.{secondId}"),
});
const { parse } = channels[contract];

/** Ids of common systems, with their spelling on the wire. */
const ofOtherSystems: readonly (readonly [system: string, id: string, spelling: string])[] = [
  ["Auth0", "auth0|507f1f77bcf86cd799439020", "=auth0=7C507f1f77bcf86cd799439020"],
  [
    "Google by Auth0",
    "google-oauth2|103547991597142817347",
    "=google-oauth2=7C103547991597142817347",
  ],
  ["e-mail", "ann+lists@example.org", "=ann=2Blists@example=2Eorg"],
  ["DID", "did:plc:z72i7hdynmk6r22z27h6tvur", "=did=3Aplc=3Az72i7hdynmk6r22z27h6tvur"],
  ["Keycloak", "f:6b1f2a:ann", "=f=3A6b1f2a=3Aann"],
  [
    "AWS Cognito",
    "eu-west-1:2f3c1a7e-0000-4000-8000-000000000000",
    "=eu-west-1=3A2f3c1a7e-0000-4000-8000-000000000000",
  ],
  ["Base64", "aGVsbG8+d29ybGQ/Cg==", "=aGVsbG8=2Bd29ybGQ=2FCg=3D=3D"],
  ["Base64url with padding", "aGVsbG8-d29ybGQ_Cg==", "aGVsbG8-d29ybGQ_Cg=="],
  ["UUID", "01932c07-209c-7cb1-8f3e-6d0e1bd1b3a5", "01932c07-209c-7cb1-8f3e-6d0e1bd1b3a5"],
  ["Clerk", "user_2abcDEF", "user_2abcDEF"],
  ["LDAP", "cn=ADMIN,dc=example", "cn=ADMIN,dc=example"],
  ["Greek", "καλημέρα", "==CE=BA=CE=B1=CE=BB=CE=B7=CE=BC=CE=AD=CF=81=CE=B1"],
  ["path", "docs/intro", "=docs=2Fintro"],
];

test.each(ofOtherSystems)(
  "W6 an id of the kind %s is spelt in the wire's alphabet",
  (_, id, spelling) => {
    expect(encodeId(id)).toBe(spelling);
    expect(decodeId(spelling)).toBe(id);
    expect(channels.user({ userId: id })).toEqual({
      kind: "user",
      name: `user.${spelling}`,
      params: { userId: id },
    });
  },
);

test("W6 a whole number or bigint is the same id as the string of its digits", () => {
  for (const userId of [42, 42n, "42"]) expect(channels.user({ userId }).name).toBe("user.42");
  expect(channels.user({ userId: 9_223_372_036_854_775_807n }).name).toBe(
    "user.9223372036854775807",
  );
  expect(channels.user({ userId: -1 }).params).toEqual({ userId: "-1" });
});

/** Texts of characters that make collisions likely. */
const spelling = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_=@,;-]{1,64}$/),
  fc.stringMatching(/^=[a=7C2EF3D0]{0,20}$/),
);
const idText = fc
  .oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 20 }),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }),
    fc.stringMatching(/^[=a7C|.%3D]{1,12}$/),
    spelling,
    fc.constantFrom(...ofOtherSystems.map(([, id]) => id)),
  )
  .filter(isIdText);

test("W6 each id has one spelling, in the wire's alphabet, which is decoded to the id", () => {
  fc.assert(
    fc.property(idText, (id) => {
      expect(encodeId(id)).toMatch(alphabet);
      expect(decodeId(encodeId(id))).toBe(id);
    }),
    { numRuns: 5_000 },
  );
});

test("W6 each text of the wire's alphabet is the spelling of one id", () => {
  fc.assert(
    fc.property(spelling, (text) => {
      const id = decodeId(text);
      expect(isIdText(id)).toBe(true);
      expect(encodeId(id)).toBe(text);
    }),
    { numRuns: 5_000 },
  );
});

test("W6 two ids never share a channel name, whichever parameters they are", () => {
  const short = idText.filter((id) => encodeId(id).length <= limits.idLength);
  const pair = fc.tuple(short, short);
  fc.assert(
    fc.property(pair, pair, ([a, b], [c, d]) => {
      const one = channels.pair({ firstId: a, secondId: b });
      const other = channels.pair({ firstId: c, secondId: d });
      expect(one.name === other.name).toBe(a === c && b === d);
      expect(parse(one.name)).toEqual(one);
    }),
    { numRuns: 2_000 },
  );
});

test("W7 an id of the wire's alphabet is its own spelling, unless it is the spelling of another id", () => {
  for (const id of [
    "a",
    "0",
    "=",
    "==",
    "=a",
    "a=41",
    "a=7Cb",
    "=7",
    "=41",
    "=7c",
    "=20",
    "=C3",
    "=0A",
  ]) {
    expect(encodeId(id), id).toBe(id);
  }
  expect(decodeId("==7C")).toBe("|");
  expect(encodeId("==7C")).toBe("==3D=3D7C");
});

test("W8 a parsed name and a decoded frame have the ids as the writer gave them", () => {
  fc.assert(
    fc.property(
      idText.filter((id) => encodeId(id).length <= limits.idLength),
      (id) => {
        const ref = channels.user({ userId: id });
        expect(parse(ref.name).params).toEqual({ userId: id });
        const { ids: given } = checkSignal(
          channels[contract],
          signal(ref, "note.added", { noteId: id }),
        );
        expect(given).toEqual({ noteId: id });
        const frame = encodeSignal({
          id: "a1",
          name: "note.added",
          ids: given && [given],
          origin: undefined,
        });
        expect(frame).toMatch(/^[\x20-\x7e]+$/);
        expect(decodeSignal("note.added", frame).ids).toEqual([{ noteId: id }]);
      },
    ),
    { numRuns: 1_000 },
  );
});

test("W9 an id that is too long on the wire is refused with its length, the limit and a remedy", () => {
  const refuse = (userId: string) => () => channels.user({ userId });
  expect(refuse("a".repeat(65))).toThrow(/65 characters on the wire, 64 are allowed.*shorter id/);
  expect(refuse("é".repeat(11))).toThrow(/67 characters on the wire, 64 are allowed/);
  expect(refuse("é".repeat(10))).not.toThrow();
  expect(refuse("a".repeat(1_000_000))).toThrow(/1000000 characters/);
  expect(refuse("two words")).toThrow(/without white space.*A-Z a-z 0-9/);
});
