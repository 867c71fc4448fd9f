import { eventType, Inngest } from "inngest";
import { jobEvents } from "@/wiring/job-events.ts";

export const notificationRequested = eventType("app/notification.requested", {
  schema: jobEvents["app/notification.requested"],
});
export const importRequested = eventType("app/import.requested", {
  schema: jobEvents["app/import.requested"],
});
export const invitationMailRequested = eventType("app/invitation-mail.requested", {
  schema: jobEvents["app/invitation-mail.requested"],
});
export const answerRequested = eventType("app/answer.requested", {
  schema: jobEvents["app/answer.requested"],
});

/** The SDK reads INNGEST_DEV, INNGEST_EVENT_KEY and INNGEST_SIGNING_KEY itself. */
export const inngest = new Inngest({ id: "inkwell" });
