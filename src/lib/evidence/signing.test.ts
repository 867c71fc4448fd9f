import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";
import { observationRef, parseObservationRef, toEvidenceTime } from "./observation.ts";
import { createEvidenceKeys, publicKeyText, type UnsignedObservation } from "./signing.ts";

const signingKey = Buffer.alloc(32, 7).toString("base64");
const otherKey = Buffer.alloc(32, 8).toString("base64url");
const keys = createEvidenceKeys({ signingKey, formerKeys: [] });

const observation: UnsignedObservation = {
  publicationId: "6f1c1f0e-0000-4000-8000-000000000001",
  number: 1,
  statement: "The ferry left 14 minutes late.",
  figures: [{ name: "Delay", value: "14", unit: "min" }],
  sourceName: "Harbour office",
  sourceUrl: null,
  eventAt: toEvidenceTime(new Date("2026-03-01T08:00:00Z")),
  ingestedAt: toEvidenceTime(new Date("2026-03-01T09:00:00Z")),
  clearance: "public",
  corrects: null,
  recordedBy: null,
  ingestKey: "seed:1",
  previousHash: "",
};

test("canonical JSON does not depend on the order of names, and parses to the same value", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())),
      (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      },
    ),
  );
  expect(canonicalJson({ b: [1, null], a: { d: "x", c: true } })).toBe(
    '{"a":{"c":true,"d":"x"},"b":[1,null]}',
  );
  expect(() => canonicalJson(1.5)).toThrow("Write decimals as text.");
  expect(() => canonicalJson(undefined as never)).toThrow("has no JSON");
});

test("S2.11 a change of any signed field, of the hash or of the signature is found", async () => {
  const signed = keys.sign!(observation);
  expect(await keys.verify(signed)).toBe("verified");
  const changes: Partial<Record<keyof typeof signed, unknown>> = {
    publicationId: "6f1c1f0e-0000-4000-8000-000000000002",
    number: 2,
    statement: "The ferry left 4 minutes late.",
    figures: [{ name: "Delay", value: "4", unit: "min" }],
    sourceName: "Somebody",
    sourceUrl: "https://example.org",
    eventAt: toEvidenceTime(new Date("2026-03-01T08:00:01Z")),
    ingestedAt: toEvidenceTime(new Date("2026-02-01T09:00:00Z")),
    clearance: "editor",
    corrects: 7,
    recordedBy: "6f1c1f0e-0000-4000-8000-000000000003",
    ingestKey: "seed:2",
    previousHash: "0".repeat(64),
    hash: "0".repeat(64),
    signature: createEvidenceKeys({ signingKey: otherKey, formerKeys: [] }).sign!(observation)
      .signature,
  };
  for (const [name, value] of Object.entries(changes)) {
    expect([name, await keys.verify({ ...signed, [name]: value })]).toEqual([name, "broken"]);
  }
  expect(new Set(Object.keys(signed))).toEqual(new Set([...Object.keys(changes), "keyId"]));
  expect(
    await keys.verify({
      ...signed,
      figures: [{ name: "Delay", value: "14", unit: "min", note: "x" } as never],
    }),
  ).toBe("broken");
});

test("S2.11 a row signed with a foreign key, or under the name of another key, is not verified", async () => {
  const foreign = createEvidenceKeys({ signingKey: otherKey, formerKeys: [] });
  const forged = foreign.sign!(observation);
  expect(await keys.verify(forged)).toBe("unknown");
  const own = keys.sign!(observation);
  expect(await keys.verify({ ...forged, keyId: own.keyId })).toBe("broken");
});

test("observations of a former key stay verified after the key was changed", async () => {
  const former = createEvidenceKeys({ signingKey: otherKey, formerKeys: [] });
  const rotated = createEvidenceKeys({ signingKey, formerKeys: [publicKeyText(otherKey)] });
  expect(await rotated.verify(former.sign!(observation))).toBe("verified");
  const reader = createEvidenceKeys({ signingKey: null, formerKeys: [publicKeyText(signingKey)] });
  expect(reader.sign).toBeNull();
  expect(await reader.verify(keys.sign!(observation))).toBe("verified");
});

test("a key of another length is refused, without the key in the message", () => {
  for (const text of ["", "c2hvcnQ", "x".repeat(60)]) {
    const make = () => createEvidenceKeys({ signingKey: text, formerKeys: [] });
    expect(make).toThrow(/bytes, 32 are needed/);
    if (text !== "") expect(make).not.toThrow(text);
  }
});

test("an observation has one name, and other spellings of it name none", () => {
  expect([1, 42, 50_412].map(observationRef)).toEqual(["OBS-0001", "OBS-0042", "OBS-50412"]);
  expect(["OBS-0001", "OBS-50412"].map(parseObservationRef)).toEqual([1, 50_412]);
  const odd = ["OBS-1", "OBS-00001", "OBS-0000", "obs-0001", " OBS-0001", "OBS-9999999999", "OBS-"];
  expect(odd.map(parseObservationRef)).toEqual(odd.map(() => null));
});
