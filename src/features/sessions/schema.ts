import { z } from "zod";

/** An open session of the viewer. Times are ISO 8601. */
export interface Session {
  readonly id: string;
  /** Browser and system: "Firefox on Linux". */
  readonly device: string;
  readonly isMobile: boolean;
  /** The network address of the sign-in; `null` when not known. */
  readonly address: string | null;
  readonly startedAt: string;
  readonly lastSeenAt: string;
}

export const revokeSessionInput = z.object({ sessionId: z.uuid() });
export type RevokeSessionInput = z.infer<typeof revokeSessionInput>;
