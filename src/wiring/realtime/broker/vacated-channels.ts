import { inArray, sql } from "drizzle-orm";
import type { WebhookEvent } from "querycast/transports/pusher/server";
import type { Database } from "@/db/database.ts";
import { channelJoins } from "@/db/schema.ts";

export interface VacatedChannelsOptions {
  readonly database: Database;
  /** Subscriptions by channel, over all apps and wire names; null when the broker does not report them. */
  readonly countSubscriptions: () => Promise<ReadonlyMap<string, number> | null>;
  readonly onError: (error: unknown) => void;
}

/** Records which channels have no subscriptions left. */
export interface VacatedChannels {
  note(events: readonly WebhookEvent[]): void;
}

const flushAfterMs = 1_000;
/** Bounds the memory: channels beyond this number count as occupied. */
const channelsAtMost = 1_000;

/**
 * Creates the handler of vacated channels. A webhook reports that one wire name at one app is vacant. It
 * may be late, or arrive while pages move to the channel's next name or to the next app. So it only
 * triggers a count at the broker, once for many webhooks.
 */
export function createVacatedChannels({
  database,
  countSubscriptions,
  onError,
}: VacatedChannelsOptions): VacatedChannels {
  let noted = new Set<string>();
  let planned: NodeJS.Timeout | undefined;

  const flush = async () => {
    planned = undefined;
    const asked = [...noted];
    noted = new Set();
    try {
      const occupied = await countSubscriptions();
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
