import { z } from "zod";

/** Correlation id of the HTTP request that caused the job. */
const correlation = z.string().max(64).optional();

/** The events that start jobs, and their data: ids only, by which the job reads the rest. */
export const jobEvents = {
  /** Requests the notifications for a cause. */
  "app/notification.requested": z.object({
    causeType: z.enum(["comment", "reaction", "invitation", "task", "submission"]),
    causeId: z.uuid(),
    correlation,
  }),
  /** Requests the work of an import. */
  "app/import.requested": z.object({ importId: z.uuid(), correlation }),
  /** Requests the e-mail of an invitation. */
  "app/invitation-mail.requested": z.object({ invitationId: z.uuid(), correlation }),
  /** Requests an answer of the analyst to a message of a chat. */
  "app/answer.requested": z.object({ messageId: z.uuid(), correlation }),
};

export type JobEventName = keyof typeof jobEvents;
export type JobEventData<Name extends JobEventName> = Omit<
  z.infer<(typeof jobEvents)[Name]>,
  "correlation"
>;
