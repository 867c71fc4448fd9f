import { auth } from "@/wiring/auth.ts";
import { inngest } from "../client.ts";

/**
 * Looks every minute: so long may a session that has expired still be heard of. Outside of a step, since
 * a session that was ended is not found again.
 */
export const endExpiredSessions = inngest.createFunction(
  { id: "end-expired-sessions", retries: 0, concurrency: 1, triggers: [{ cron: "* * * * *" }] },
  () => auth().endExpiredSessions(),
);
