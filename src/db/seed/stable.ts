import { createHash } from "node:crypto";

/** The namespace of this seed for UUIDs of version 5. */
const namespace = Buffer.from("6f1d2a0c5b8e4c0f9f5e1e7a3c64d2b9", "hex");

/** A UUID from a name, the same on every machine, so that links and tests can rely on it. */
export function stableId(name: string): string {
  const bytes = createHash("sha1").update(namespace).update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6); // version 5
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8); // RFC 9562 variant
  const hex = bytes.toString("hex");
  return [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map((part) => hex.slice(...part))
    .join("-");
}

/** A pseudo-random number in [0, 1), always the same for one name. */
export function stableChance(name: string): number {
  return createHash("sha1").update(namespace).update(name).digest().readUInt32BE(0) / 2 ** 32;
}
