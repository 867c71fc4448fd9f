import { z } from "zod";
import {
  type Clearance,
  clearances,
  type Figure,
  type Integrity,
  parseObservationRef,
} from "@/lib/evidence/observation.ts";
import { storedDay, storedTime } from "@/lib/text/stored-time.ts";
import { exactText, typedText } from "@/lib/text/typed-text.ts";
import {
  figureNameLength,
  fileLength,
  mostFigures,
  sourceNameLength,
  sourceUrlLength,
  statementLength,
  tooLongFile,
  unitLength,
} from "./limits.ts";

/** When the data was read, and how recent it is. Times are ISO 8601. */
export interface Freshness {
  readonly readAt: string;
  /** The last ingest of the publication that the viewer may read; null without one. */
  readonly lastIngestAt: string | null;
}

/** An observation in a list. */
export interface ObservationEntry {
  readonly number: number;
  readonly statement: string;
  readonly figures: readonly Figure[];
  readonly source: { readonly name: string; readonly url: string | null };
  readonly eventAt: string;
  readonly ingestedAt: string;
  readonly clearance: Clearance;
  readonly corrects: number | null;
  /** The last correction that the viewer may read. */
  readonly correctedBy: number | null;
  readonly integrity: Integrity;
}

/** A page of the list. */
export interface EvidencePage extends Freshness {
  readonly rows: readonly ObservationEntry[];
  readonly hasMore: boolean;
}

/** How an observation was ingested. */
export type IngestWay = "form" | "file" | "feed" | "seed";

/** An observation on its own page. */
export interface Observation extends ObservationEntry, Freshness {
  readonly recordedBy: { readonly handle: string; readonly name: string } | null;
  readonly way: IngestWay;
  readonly signature: {
    readonly keyId: string;
    readonly signature: string;
    readonly hash: string;
    readonly previousHash: string;
    /** The text that was signed. */
    readonly text: string;
  };
}

/** A feed, for members who record observations. */
export interface Feed {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly readAt: string | null;
  readonly error: string | null;
}

/** The fields of an observation that a form, a file or a feed sets. */
export interface ObservationDraft {
  readonly statement: string;
  readonly figures: readonly Figure[];
  readonly sourceName: string;
  readonly sourceUrl: string | null;
  readonly eventAt: Date;
  readonly clearance: Clearance;
  readonly corrects: number | null;
}

const publicationId = z.uuid();

const signedText = (error?: string) => exactText(error).trim();

const figure = z.object({
  name: signedText("Name the figure.")
    .min(1, { error: "Name the figure." })
    .max(figureNameLength, {
      error: `The name of a figure has at most ${figureNameLength} characters.`,
    }),
  value: z.union([signedText(), z.number().transform(String)], { error: "Enter a number." }).pipe(
    typedText().regex(/^-?\d{1,15}(\.\d{1,10})?$/, {
      error: "Enter a number such as 12 or -3.5, without thousands separators.",
    }),
  ),
  unit: signedText()
    .max(unitLength, { error: `A unit has at most ${unitLength} characters.` })
    .default(""),
});

const earliestEvent = new Date("1000-01-01T00:00:00Z");

const eventTime = typedText("Enter when it happened.")
  .trim()
  .pipe(
    z.union([z.iso.datetime({ offset: true }), z.iso.date()], {
      error: "Enter the time of the event as 2026-01-31T08:00:00Z or 2026-01-31.",
    }),
  )
  .transform((text) => new Date(text))
  .refine((time) => time >= earliestEvent, { error: "An event is after the year 1000." });

const ref = typedText()
  .trim()
  .transform((text, context) => {
    if (text === "") return null;
    const number = parseObservationRef(text.toUpperCase());
    if (number !== null) return number;
    context.addIssue({ code: "custom", message: "Name an observation as OBS-0042." });
    return z.NEVER;
  });

const sourceUrl = signedText()
  .max(sourceUrlLength, { error: `A URL has at most ${sourceUrlLength} characters.` })
  .refine((text) => text === "" || (/^https?:\/\//i.test(text) && URL.canParse(text)), {
    error: "Enter a URL that begins with https:// or http://.",
  })
  .transform((text) => text || null);

const absent = null as string | number | null;

/** The fields of an observation, with a message for each that is wrong. */
export const observationDraft = z.object({
  statement: signedText("Enter a statement.")
    .min(1, { error: "Enter a statement." })
    .max(statementLength, { error: `A statement has at most ${statementLength} characters.` }),
  figures: z
    .array(figure, { error: "Figures are a list of name, value and unit." })
    .max(mostFigures, { error: `An observation has at most ${mostFigures} figures.` })
    .default([]),
  sourceName: signedText("Name the source.")
    .min(1, { error: "Name the source." })
    .max(sourceNameLength, {
      error: `The name of a source has at most ${sourceNameLength} characters.`,
    }),
  sourceUrl: sourceUrl.nullish().transform((url) => (url ?? absent) as string | null),
  eventAt: eventTime,
  clearance: z
    .enum(clearances, { error: `A clearance is one of ${clearances.join(", ")}.` })
    .default("member"),
  corrects: ref.nullish().transform((number) => (number ?? absent) as number | null),
});

export const publicationEvidenceInput = z.object({ publicationId });
export type PublicationEvidenceInput = z.infer<typeof publicationEvidenceInput>;

export const recordInput = z.object({
  publicationId,
  /** Made by the form, so that a repeated request records nothing. */
  formId: z.uuid(),
  observation: observationDraft,
});
export type RecordInput = z.input<typeof recordInput>;

export const fileInput = z.object({
  publicationId,
  fileId: z.uuid(),
  format: z.enum(["json", "csv"], { error: "Choose a file that ends with .json or .csv." }),
  text: typedText().max(fileLength, { error: tooLongFile }),
});
export type FileInput = z.infer<typeof fileInput>;

/** A day or a moment. A day ends with its last moment in UTC. */
const until = typedText()
  .trim()
  .pipe(z.union([storedTime(), storedDay()], { error: "Enter a day." }))
  .transform((text) => (text.length === 10 ? `${text}T23:59:59.999999Z` : text));

/** `OBS-0042` */
const refName = typedText()
  .trim()
  .toUpperCase()
  .refine((text) => parseObservationRef(text) !== null, {
    error: "Name an observation as OBS-0042.",
  });

const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema.optional());

export const evidenceOrders = ["ingested", "event"] as const;
export const evidenceFilter = z.object({
  order: z.enum(evidenceOrders).default("ingested"),
  words: optional(typedText().trim().max(200)),
  clearance: optional(z.enum(clearances)),
  /** As of this event time. */
  eventUntil: optional(until),
  /** As of this ingest time: later observations and corrections did not exist. */
  ingestedUntil: optional(until),
  /** Observations with lower numbers than this one. */
  before: optional(refName),
  page: optional(z.coerce.number().int().min(1).max(1_000)),
});
export type EvidenceFilter = z.infer<typeof evidenceFilter>;

export const listObservationsInput = evidenceFilter.extend({ publicationId });
export type ListObservationsInput = z.infer<typeof listObservationsInput>;

export const observationInput = z.object({
  publicationId,
  number: z.coerce.number().int().min(1).max(999_999_999),
});
export type ObservationInput = z.infer<typeof observationInput>;

/** A figure in the URL of its chart. */
export const figureName = figure.pick({ name: true, unit: true });
export const valuesInput = figureName.extend({ publicationId });
export type ValuesInput = z.infer<typeof valuesInput>;

export const exportInput = evidenceFilter.extend({
  publicationId,
  format: z.enum(["csv", "json"]),
});
