import { env } from "@/lib/env.ts";
import { drainSignals } from "./functions/drain-signals.ts";
import { endExpiredSessions } from "./functions/end-expired-sessions.ts";
import { persistNotification } from "./functions/persist-notification.ts";
import { removeDueArticles } from "./functions/remove-due-articles.ts";

/**
 * Every function the site serves; `app/api/inngest` hands the list to the runner. Where processes relay
 * by themselves, a cron would only find that out every minute.
 */
export const functions = () =>
  env().relay
    ? [persistNotification, removeDueArticles, endExpiredSessions]
    : [persistNotification, removeDueArticles, endExpiredSessions, drainSignals];
