import { z } from "zod";
import { typedText } from "@/lib/text/typed-text.ts";
import { textLength } from "./limits.ts";

export const announceInput = z.object({
  text: typedText()
    .trim()
    .min(1, { error: "Enter what readers should know." })
    .max(textLength, { error: `An announcement has at most ${textLength} characters.` })
    // A control character has six bytes in a message.
    .regex(/^\P{Cc}*$/u, { error: "Enter one line without control characters." }),
  /** How long it is shown. */
  minutes: z
    .number({ error: "Enter a number of minutes." })
    .int({ error: "Enter a whole number of minutes." })
    .min(1, { error: "An announcement is shown for at least a minute." })
    .max(7 * 24 * 60, { error: "An announcement is shown for at most a week: 10,080 minutes." }),
});
export type AnnounceInput = z.infer<typeof announceInput>;

export const withdrawInput = z.object({ announcementId: z.uuid() });
export type WithdrawInput = z.infer<typeof withdrawInput>;

/** An announcement for admins. Times are ISO 8601. */
export interface AnnouncementRow {
  readonly id: string;
  readonly text: string;
  readonly createdAt: string;
  readonly endsAt: string;
  readonly state: "in force" | "ended" | "withdrawn";
}
