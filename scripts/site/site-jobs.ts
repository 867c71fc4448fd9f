import { startInngestServer } from "../parts/inngest-server.ts";
import { startJobRunner } from "../parts/job-runner.ts";
import { LOOPBACK } from "../parts/ports.ts";
import { keptSecret, type Variables } from "../parts/settings.ts";
import type { SiteContext } from "./site-context.ts";

/**
 * Starts Inngest's dev server in development when it is installed (it does not sign its requests), else the
 * job runner of this process with a generated signing key. Starts none when the environment configures Inngest.
 */
export async function createJobs(context: SiteContext, sitePort: number): Promise<Variables> {
  const { mode, given, folder, say, closers } = context;
  if (given.INNGEST_DEV || given.INNGEST_EVENT_KEY) {
    say("Jobs: the configured Inngest");
    if (given.INNGEST_DEV && mode === "production") {
      say("Jobs: INNGEST_DEV is set, so every client can run jobs by /api/inngest. Unset it");
    }
    return {};
  }
  const appUrl = `http://${LOOPBACK}:${sitePort}/api/inngest`;
  const server = mode === "development" ? await startInngestServer(appUrl) : null;
  if (server) {
    say(`Jobs: Inngest's dev server, ${server.url}`);
    closers.jobs = server.stop;
    return { INNGEST_DEV: server.url };
  }
  say("Jobs: in this process");
  const secret = Buffer.from(keptSecret(folder, "inngest-secret"), "base64url").toString("hex");
  const signingKey = `signkey-inkwell-${secret}`;
  const runner = await startJobRunner({ appUrl, signingKey, say });
  closers.jobs = runner.stop;
  return {
    // Otherwise the SDK treats a loopback base URL as a dev server and accepts unsigned requests.
    INNGEST_DEV: "0",
    INNGEST_BASE_URL: runner.url,
    INNGEST_EVENT_KEY: "inkwell",
    INNGEST_SIGNING_KEY: signingKey,
  };
}
