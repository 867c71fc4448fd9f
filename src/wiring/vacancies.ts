import { inArray, sql } from "drizzle-orm";
import type { WebhookEvent } from "querycast/transports/pusher/server";
import type { Database } from "@/db/database.ts";
import { channelJoins } from "@/db/schema.ts";

export interface VacanciesOptions {
  readonly database: Database;
  /** Sockets by channel, over all apps and names; null when the broker does not say. */
  readonly audience: () => Promise<ReadonlyMap<string, number> | null>;
  readonly onError: (error: unknown) => void;
}

/** Notes which channels nobody is on any more. */
export interface Vacancies {
  note(events: readonly WebhookEvent[]): void;
}

const flushAfterMs = 1_000;
/** Who makes channels come and go fills no memory: what is beyond is taken for occupied. */
const channelsAtMost = 1_000;

/**
 * A webhook says that one name at one app is vacant, maybe late, and maybe while people are on their way to
 * the channel's next name or the broker's next app. So it is a reason to ask, once for many, and no more.
 */
export function createVacancies({ database, audience, onError }: VacanciesOptions): Vacancies {
  let noted = new Set<string>();
  let planned: NodeJS.Timeout | undefined;

  const flush = async () => {
    planned = undefined;
    const asked = [...noted];
    noted = new Set();
    try {
      const occupied = await audience();
      if (occupied === null) return;
      const vacant = asked.filter((channel) => !occupied.has(channel));
      if (vacant.length === 0) return;
      await database.asWorker((tx) =>
        tx
          .update(channelJoins)
          .set({ vacatedAt: sql`now()` })
          .where(inArray(channelJoins.channel, vacant)),
      );
    } catch (error) {
      onError(error);
    }
  };

  return {
    note: (events) => {
      for (const { name, channel } of events) {
        if (name === "channel_vacated" && noted.size < channelsAtMost) noted.add(channel);
      }
      if (planned !== undefined || noted.size === 0) return;
      planned = setTimeout(() => void flush(), flushAfterMs);
      planned.unref();
    },
  };
}
