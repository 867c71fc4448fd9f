/** Viewers who may read an observation: all, members of the publication, or members who read all submissions. */
export const clearances = ["public", "member", "editor"] as const;

export type Clearance = (typeof clearances)[number];

export const clearanceWords: Readonly<Record<Clearance, string>> = {
  public: "Public",
  member: "Members",
  editor: "Editors",
};

/** A figure of an observation. The value is a decimal as text, so that no digit is lost. */
export interface Figure {
  readonly name: string;
  readonly value: string;
  readonly unit: string;
}

/** What values are compared by: a value in another unit is one of another figure. */
export type FigureName = Pick<Figure, "name" | "unit">;

export const isSameFigure = (one: FigureName, other: FigureName): boolean =>
  one.name === other.name && one.unit === other.unit;

/** Whether the stored row is the one that was signed. `unknown`: this site has no key of its signer. */
export type Integrity = "verified" | "broken" | "unknown";

/** What a signature covers. Times are UTC with microseconds, see {@link toEvidenceTime}. */
export interface ObservationContent {
  readonly publicationId: string;
  /** 1 for the first observation of a publication, without gaps. */
  readonly number: number;
  readonly statement: string;
  readonly figures: readonly Figure[];
  readonly sourceName: string;
  readonly sourceUrl: string | null;
  readonly eventAt: string;
  readonly ingestedAt: string;
  readonly clearance: Clearance;
  /** Number of the observation that this one corrects. */
  readonly corrects: number | null;
  /** The member who recorded it; null for a feed. */
  readonly recordedBy: string | null;
  /** Identifies the ingested item, so that a repeated ingest adds nothing. */
  readonly ingestKey: string;
  /** Hash of the observation before it; empty for the first one. */
  readonly previousHash: string;
  readonly keyId: string;
}

export interface SignedObservation extends ObservationContent {
  /** SHA-256 of the signed text and the signature, in hexadecimal. */
  readonly hash: string;
  /** Ed25519, base64url. */
  readonly signature: string;
}

/** The name of an observation in texts: `OBS-0042`. */
export function observationRef(number: number): string {
  return `OBS-${String(number).padStart(4, "0")}`;
}

/** The number of a name that {@link observationRef} returns; null for any other text. */
export function parseObservationRef(text: string): number | null {
  const digits = /^OBS-(\d{4,9})$/.exec(text)?.[1];
  if (digits === undefined) return null;
  const number = Number(digits);
  return number > 0 && observationRef(number) === text ? number : null;
}

/** A time as the evidence log signs it: `2026-01-31T08:00:00.000000Z`. */
export function toEvidenceTime(time: Date): string {
  return time.toISOString().replace(/Z$/, "000Z");
}
