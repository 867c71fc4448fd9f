import { createWebhookHandler } from "querycast/transports/pusher/server";
import { log } from "@/lib/logging/log.ts";
import { singleton } from "@/lib/singleton.ts";
import { database } from "../../database.ts";
import { broker } from "./broker.ts";
import { countSubscriptions } from "./count-subscriptions.ts";
import { createVacatedChannels } from "./vacated-channels.ts";

const vacatedChannels = () =>
  singleton("vacated-channels", () =>
    createVacatedChannels({
      database: database(),
      countSubscriptions,
      onError: (error) => log.warn("vacated channels could not be recorded", { error }),
    }),
  );

/** The handler of the broker's webhooks. Without a broker it refuses all, since none is signed. */
export const webhookHandler = () =>
  singleton("webhooks", () =>
    createWebhookHandler({ broker: broker() ?? {}, onEvents: vacatedChannels().note }),
  );
