import { inArray } from "drizzle-orm";
import type { SignalLog } from "querycast/server";
import { type EntityReads, readEntities } from "querycast/transports/sse/server";
import { channels } from "@/channels/index.ts";
import type { Database } from "@/db/database.ts";
import { contentColumns, minuteColumns } from "@/db/desk-columns.ts";
import { chatContents, readerMinutes } from "@/db/schema.ts";

/**
 * How the hub reads the rows of entities: as app_topic, whose policies show the rows of one channel. So a row of another
 * publication is not found, whichever ids a signal names.
 */
export const createEntityReads = (
  database: Pick<Database, "asTopic">,
  log: Pick<SignalLog, "accessEpochs">,
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
  });

const byId = <Row extends { readonly id: string }>(rows: readonly Row[]) =>
  new Map(rows.map((row) => [row.id, row]));
