import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign as signBytes,
  verify as verifyBytes,
} from "node:crypto";
import { promisify } from "node:util";
import { type CanonicalValue, canonicalJson } from "./canonical-json.ts";
import type { Integrity, ObservationContent, SignedObservation } from "./observation.ts";

const verifyInThread = promisify(verifyBytes);

/** What DER writes before the 32 bytes of an Ed25519 key. */
const privatePrefix = Buffer.from("302e020100300506032b657004220420", "hex");
const publicPrefix = Buffer.from("302a300506032b6570032100", "hex");

/** An observation before it has a key and a signature. */
export type UnsignedObservation = Omit<ObservationContent, "keyId">;

export interface EvidenceKeys {
  /** Signs an observation; null when this process has no signing key. */
  readonly sign: ((observation: UnsignedObservation) => SignedObservation) | null;
  /** Checks the signature and the hash of a row. The order of the chain is checked by a walk over it. */
  readonly verify: (observation: SignedObservation) => Promise<Integrity>;
}

/** The keys are no Ed25519 keys. The message has no key in it. */
export class EvidenceKeyError extends Error {
  override readonly name = "EvidenceKeyError";
}

export interface EvidenceKeyTexts {
  /** 32 bytes, base64 or base64url: signs new observations. */
  readonly signingKey: string | null;
  /** Public keys of former signing keys, 32 bytes each: their observations stay valid. */
  readonly formerKeys: readonly string[];
}

/** @throws {EvidenceKeyError} when a text is not 32 bytes in base64. */
export function createEvidenceKeys({ signingKey, formerKeys }: EvidenceKeyTexts): EvidenceKeys {
  const own = signingKey === null ? null : privateKeyOf(signingKey);
  const trusted = new Map<string, KeyObject>();
  for (const key of [...(own ? [createPublicKey(own)] : []), ...formerKeys.map(publicKeyOf)]) {
    trusted.set(keyIdOf(key), key);
  }
  const ownId = own === null ? "" : keyIdOf(createPublicKey(own));
  return {
    sign:
      own === null
        ? null
        : (observation) => {
            const content = { ...observation, keyId: ownId };
            const text = signedTextOf(content);
            const signature = signBytes(null, Buffer.from(text), own).toString("base64url");
            return { ...content, signature, hash: hashOf(text, signature) };
          },
    verify: async (observation) => {
      const key = trusted.get(observation.keyId);
      if (key === undefined) return "unknown";
      const text = signedTextOf(observation);
      if (hashOf(text, observation.signature) !== observation.hash) return "broken";
      const signature = Buffer.from(observation.signature, "base64url");
      const isSigned = await verifyInThread(null, Buffer.from(text), key, signature);
      return isSigned ? "verified" : "broken";
    },
  };
}

/** The public key of a signing key, as {@link EvidenceKeyTexts.formerKeys} has it. */
export function publicKeyText(signingKey: string): string {
  return rawOf(createPublicKey(privateKeyOf(signingKey))).toString("base64url");
}

/** The text that a signature covers: canonical JSON of every column that a reader sees. */
export function signedTextOf(observation: ObservationContent): string {
  const { publicationId, number, statement, figures, sourceName, sourceUrl } = observation;
  const { eventAt, ingestedAt, clearance, corrects, recordedBy } = observation;
  const { ingestKey, previousHash, keyId } = observation;
  return canonicalJson({
    format: "inkwell.observation/1",
    publicationId,
    number,
    statement,
    sourceName,
    sourceUrl,
    eventAt,
    ingestedAt,
    clearance,
    corrects,
    recordedBy,
    ingestKey,
    previousHash,
    keyId,
    // Figures come from a column of JSON, so each of their fields is signed, also a foreign one.
    figures: figures as unknown as CanonicalValue,
  });
}

/**
 * The hash covers the signature too. The next row shows it to all viewers, and without the signature the content of a
 * hidden row could be guessed from it.
 */
function hashOf(text: string, signature: string): string {
  return createHash("sha256").update(`${text}\n${signature}`).digest("hex");
}

const keyIdOf = (key: KeyObject) =>
  createHash("sha256").update(rawOf(key)).digest("hex").slice(0, 16);

const rawOf = (key: KeyObject) => key.export({ format: "der", type: "spki" }).subarray(-32);

function privateKeyOf(text: string): KeyObject {
  const key = Buffer.concat([privatePrefix, bytesOf(text)]);
  return createPrivateKey({ key, format: "der", type: "pkcs8" });
}

function publicKeyOf(text: string): KeyObject {
  const key = Buffer.concat([publicPrefix, bytesOf(text)]);
  return createPublicKey({ key, format: "der", type: "spki" });
}

function bytesOf(text: string): Buffer {
  const bytes = Buffer.from(text.trim(), "base64");
  if (bytes.length === 32) return bytes;
  throw new EvidenceKeyError(
    `A key has ${bytes.length} bytes, 32 are needed. Create one with \`openssl rand -base64 32\`.`,
  );
}
