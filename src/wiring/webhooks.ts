import { createWebhookHandler } from "querycast/transports/pusher/server";
import { log } from "@/lib/log.ts";
import { singleton } from "@/lib/singleton.ts";
import { broker } from "./broker.ts";
import { countAudience } from "./count-audience.ts";
import { database } from "./database.ts";
import { createVacancies } from "./vacancies.ts";

const vacancies = () =>
  singleton("vacancies", () =>
    createVacancies({
      database: database(),
      audience: countAudience,
      onError: (error) => log.warn("who has left is not noted", { error }),
    }),
  );

/** Answers the broker's webhooks; without a broker nobody has signed any. */
export const webhookHandler = () =>
  singleton("webhooks", () =>
    createWebhookHandler({ broker: broker() ?? {}, onEvents: vacancies().note }),
  );
