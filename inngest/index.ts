import { env } from "@/lib/env.ts";
import { answerInChat } from "./functions/answer-in-chat.ts";
import { countReaders } from "./functions/count-readers.ts";
import { drainSignals } from "./functions/drain-signals.ts";
import { endExpiredSessions } from "./functions/end-expired-sessions.ts";
import { importArticles } from "./functions/import-articles.ts";
import { ingestFeeds } from "./functions/ingest-feeds.ts";
import { persistNotification } from "./functions/persist-notification.ts";
import { publishDueSubmissions } from "./functions/publish-due-submissions.ts";
import { removeDueArticles } from "./functions/remove-due-articles.ts";
import { repeatAnnouncements } from "./functions/repeat-announcements.ts";
import { sendInvitation } from "./functions/send-invitation.ts";
import { writeDailyReports } from "./functions/write-daily-reports.ts";

const always = [
  persistNotification,
  removeDueArticles,
  endExpiredSessions,
  publishDueSubmissions,
  repeatAnnouncements,
  ingestFeeds,
  importArticles,
  countReaders,
  answerInChat,
  sendInvitation,
  writeDailyReports,
];

/**
 * Every function that `app/api/inngest` serves. `drainSignals` is included only when this process runs no relay for a
 * broker.
 */
export const functions = () => {
  const { relay, broker } = env();
  return relay && broker !== null ? always : [...always, drainSignals];
};
