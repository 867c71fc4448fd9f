import { z } from "zod";

/** One sign-in of the viewer that has not ended. Times are ISO 8601. */
export interface Session {
  readonly id: string;
  /** What it was started with, as people say it: "Firefox on Linux". */
  readonly device: string;
  readonly isMobile: boolean;
  /** The network address it was started from; `null` when it is not known. */
  readonly address: string | null;
  readonly startedAt: string;
  readonly lastSeenAt: string;
}

export const revokeSessionInput = z.object({ sessionId: z.uuid() });
export type RevokeSessionInput = z.infer<typeof revokeSessionInput>;
