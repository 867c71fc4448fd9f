import { and, eq, inArray } from "drizzle-orm";
import type { SignalLog } from "querycast/server";
import { type EntityReads, readEntities } from "querycast/transports/sse/server";
import { channels } from "@/channels/index.ts";
import type { Database } from "@/db/database.ts";
import { contentColumns, minuteColumns } from "@/db/rows/desk-columns.ts";
import { signedColumns } from "@/db/rows/signed-columns.ts";
import { chatContents, observations, readerMinutes } from "@/db/schema.ts";
import { toFigureRows } from "@/lib/evidence/figure-row.ts";
import type { EvidenceKeys } from "@/lib/evidence/signing.ts";

/**
 * How the hub reads the rows of entities: as app_topic, whose policies show the rows of one channel. So a row of another
 * publication is not found, whichever ids a signal names.
 */
export const createEntityReads = (
  database: Pick<Database, "asTopic">,
  log: Pick<SignalLog, "accessEpochs">,
  keys: Pick<EvidenceKeys, "verify">,
): EntityReads =>
  readEntities(channels, log, {
    chat: {
      "chat.content": ({ publicationId }, ids) =>
        database.asTopic(channels.chat({ publicationId }).name, async (tx) =>
          byId(
            await tx
              .select(contentColumns)
              .from(chatContents)
              .where(inArray(chatContents.id, [...ids])),
          ),
        ),
    },
    chart: {
      "readers.counted": ({ publicationId }, ids) =>
        database.asTopic(channels.chart({ publicationId }).name, async (tx) =>
          byId(
            await tx
              .select(minuteColumns)
              .from(readerMinutes)
              .where(inArray(readerMinutes.id, [...ids])),
          ),
        ),
    },
    figures: {
      "figures.added": async ({ clearance, publicationId }, ids) => {
        const signed = await database.asTopic(
          channels.figures({ clearance, publicationId }).name,
          (tx) =>
            tx
              .select(signedColumns)
              .from(observations)
              .where(
                and(
                  eq(observations.publicationId, publicationId),
                  inArray(observations.number, ids.map(Number)),
                ),
              ),
        );
        const rows = await toFigureRows(keys, signed);
        return new Map(rows.map((row) => [String(row.number), row]));
      },
    },
  });

const byId = <Row extends { readonly id: string }>(rows: readonly Row[]) =>
  new Map(rows.map((row) => [row.id, row]));
