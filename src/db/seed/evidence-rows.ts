import {
  type Clearance,
  type Figure,
  type SignedObservation,
  toEvidenceTime,
} from "../../lib/evidence/observation.ts";
import type { EvidenceKeys } from "../../lib/evidence/signing.ts";
import type * as schema from "../schema.ts";
import type { Lookup } from "./page-rows.ts";
import { stableId } from "./stable.ts";

export interface EvidenceRows {
  readonly observations: readonly SignedObservation[];
  readonly evidenceFeeds: (typeof schema.evidenceFeeds.$inferInsert)[];
}

interface Entry {
  readonly statement: string;
  readonly figures?: readonly (readonly [name: string, value: string, unit: string])[];
  readonly source: string;
  readonly url?: string;
  readonly clearance: Clearance;
  readonly by: string;
  /** How long ago it happened, in days. */
  readonly days: number;
  /** Hours from the event to the ingest. */
  readonly after: number;
  readonly corrects?: number;
}

const timetable = "Ferry timetable";
const office = "Harbour office";

/** The research for an essay about a ferry, in the order of its ingest. The fifth observation corrects the third. */
const entries: readonly Entry[] = [
  {
    statement: "The timetable lists 38 crossings a day between the harbour and the island.",
    figures: [["Crossings a day", "38", ""]],
    source: timetable,
    url: "https://ferry.example/timetable",
    clearance: "public",
    by: "odile",
    days: 40,
    after: 30,
  },
  {
    statement: "In the first week 266 crossings were scheduled and 251 sailed.",
    figures: [
      ["Scheduled", "266", "crossings"],
      ["Sailed", "251", "crossings"],
    ],
    source: office,
    url: "https://harbour.example/log/1",
    clearance: "public",
    by: "ikenna",
    days: 33,
    after: 20,
  },
  {
    statement: "The average delay of the first week was 9 minutes.",
    figures: [["Average delay", "9", "min"]],
    source: office,
    url: "https://harbour.example/log/1",
    clearance: "public",
    by: "ikenna",
    days: 33,
    after: 21,
  },
  {
    statement: "A deckhand said that delays below 5 minutes are not written down.",
    figures: [["Threshold", "5", "min"]],
    source: "Interview with a deckhand",
    clearance: "member",
    by: "odile",
    days: 29,
    after: 3,
  },
  {
    statement:
      "The average delay of the first week was 14 minutes. The earlier figure left out cancelled crossings.",
    figures: [["Average delay", "14", "min"]],
    source: office,
    url: "https://harbour.example/log/1-revised",
    clearance: "public",
    by: "ikenna",
    days: 33,
    after: 24 * 6,
    corrects: 3,
  },
  {
    statement: "In the second week 266 crossings were scheduled and 259 sailed.",
    figures: [
      ["Scheduled", "266", "crossings"],
      ["Sailed", "259", "crossings"],
    ],
    source: office,
    url: "https://harbour.example/log/2",
    clearance: "public",
    by: "ikenna",
    days: 26,
    after: 20,
  },
  {
    statement: "A letter of the operator names a worn gearbox as the cause of 11 cancellations.",
    figures: [["Cancellations", "11", ""]],
    source: "Letter of the operator",
    clearance: "editor",
    by: "odile",
    days: 21,
    after: 40,
  },
  {
    statement: "The operator says that every delay is caused by the weather.",
    source: "Press release of the operator",
    url: "https://ferry.example/press",
    clearance: "public",
    by: "odile",
    days: 19,
    after: 5,
  },
  {
    statement: "The wind at the harbour was below 8 m/s on 12 of the 15 days with cancellations.",
    figures: [
      ["Days below 8 m/s", "12", "days"],
      ["Days with cancellations", "15", "days"],
    ],
    source: "Weather station",
    url: "https://weather.example/harbour",
    clearance: "member",
    by: "ikenna",
    days: 14,
    after: 18,
  },
];

const publicationId = stableId("publication:the-margin");

/** The evidence log of the publication, signed, and the feed that its job reads. */
export function evidenceRows(keys: EvidenceKeys, userId: Lookup, now: Date): EvidenceRows {
  const { sign } = keys;
  const before = (days: number) => new Date(now.getTime() - days * 24 * 3_600_000);
  const observations: SignedObservation[] = [];
  if (sign === null) return { observations, evidenceFeeds: [] };
  let ingestedAt = new Date(0);
  for (const [index, entry] of entries.entries()) {
    const { statement, figures = [], source, url, clearance, by, days, after, corrects } = entry;
    const eventAt = before(days);
    // The order of the log is the order of its ingest times.
    ingestedAt = new Date(
      Math.max(ingestedAt.getTime() + 60_000, eventAt.getTime() + after * 3_600_000),
    );
    observations.push(
      sign({
        publicationId,
        number: index + 1,
        statement,
        clearance,
        figures: figures.map(([name, value, unit]): Figure => ({ name, value, unit })),
        sourceName: source,
        sourceUrl: url ?? null,
        corrects: corrects ?? null,
        eventAt: toEvidenceTime(eventAt),
        ingestedAt: toEvidenceTime(ingestedAt),
        recordedBy: userId(by),
        ingestKey: `seed:${index + 1}`,
        previousHash: observations.at(-1)?.hash ?? "",
      }),
    );
  }
  return {
    observations,
    evidenceFeeds: [
      {
        id: stableId("evidence-feed:the-margin/harbour"),
        publicationId,
        name: "Harbour gauge",
        url: "built-in:harbour",
        clearance: "public",
        createdAt: now,
      },
    ],
  };
}
