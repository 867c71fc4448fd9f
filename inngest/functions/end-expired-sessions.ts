import { auth } from "@/wiring/auth.ts";
import { inngest } from "../client.ts";

/**
 * Ends expired sessions every minute, so an expired session may receive signals for up to a minute. It does
 * not use a step: an ended session is not found again.
 */
export const endExpiredSessions = inngest.createFunction(
  { id: "end-expired-sessions", retries: 0, concurrency: 1, triggers: [{ cron: "* * * * *" }] },
  () => auth().endExpiredSessions(),
);
