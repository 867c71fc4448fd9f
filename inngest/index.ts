import { env } from "@/lib/env.ts";
import { drainSignals } from "./functions/drain-signals.ts";
import { endExpiredSessions } from "./functions/end-expired-sessions.ts";
import { persistNotification } from "./functions/persist-notification.ts";
import { removeDueArticles } from "./functions/remove-due-articles.ts";

/**
 * All functions of the site; `app/api/inngest` serves the list. `drain-signals` is left out where processes
 * run the relay, because its cron would have nothing to do.
 */
export const functions = () =>
  env().relay
    ? [persistNotification, removeDueArticles, endExpiredSessions]
    : [persistNotification, removeDueArticles, endExpiredSessions, drainSignals];
