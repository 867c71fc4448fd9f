import { auth } from "@/wiring/auth.ts";
import { inngest } from "../client.ts";

/**
 * Ends expired sessions every minute, so that they receive signals for at most a minute more. Does not use a
 * step: ended sessions are not found again.
 */
export const endExpiredSessions = inngest.createFunction(
  { id: "end-expired-sessions", retries: 0, concurrency: 1, triggers: [{ cron: "* * * * *" }] },
  () => auth().endExpiredSessions(),
);
