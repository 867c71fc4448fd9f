import { eventType, Inngest } from "inngest";
import { z } from "zod";

/** Requests the notifications for a cause. Contains ids only; the job reads the rest. */
export const notificationRequested = eventType("app/notification.requested", {
  schema: z.object({
    causeType: z.enum(["comment", "reaction", "invitation", "task", "submission"]),
    causeId: z.uuid(),
    /** Correlation id of the HTTP request that caused it. */
    correlation: z.string().max(64).optional(),
  }),
});

/** Requests the work of an import. */
export const importRequested = eventType("app/import.requested", {
  schema: z.object({ importId: z.uuid(), correlation: z.string().max(64).optional() }),
});

/** Requests the e-mail of an invitation. */
export const invitationMailRequested = eventType("app/invitation-mail.requested", {
  schema: z.object({ invitationId: z.uuid(), correlation: z.string().max(64).optional() }),
});

/** Requests an answer of the analyst to a message of a chat. */
export const answerRequested = eventType("app/answer.requested", {
  schema: z.object({ messageId: z.uuid(), correlation: z.string().max(64).optional() }),
});

/** The SDK reads INNGEST_DEV, INNGEST_EVENT_KEY and INNGEST_SIGNING_KEY itself. */
export const inngest = new Inngest({ id: "inkwell" });
