import { startInngestServer } from "./inngest-server.ts";
import { startJobRunner } from "./job-runner.ts";
import { LOOPBACK } from "./ports.ts";
import { keptSecret, type Variables } from "./settings.ts";
import type { SiteContext } from "./site-context.ts";

/**
 * Nothing when the environment names an Inngest. Else, in development and where it is installed, Inngest's dev
 * server, which does not sign its requests; else the runner of this process with a signing key of its own.
 */
export async function createJobs(context: SiteContext, sitePort: number): Promise<Variables> {
  const { mode, given, folder, say, closers } = context;
  if (given.INNGEST_DEV || given.INNGEST_EVENT_KEY) {
    say("Jobs: the Inngest of the environment");
    if (given.INNGEST_DEV && mode === "production") {
      say("Jobs: INNGEST_DEV is set, so anyone who reaches /api/inngest can run jobs. Unset it");
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
  say("Jobs, in this process");
  const secret = Buffer.from(keptSecret(folder, "inngest-secret"), "base64url").toString("hex");
  const signingKey = `signkey-inkwell-${secret}`;
  const runner = await startJobRunner({ appUrl, signingKey, say });
  closers.jobs = runner.stop;
  return {
    // Without it the SDK takes a base URL on this machine for a dev server, which need not sign.
    INNGEST_DEV: "0",
    INNGEST_BASE_URL: runner.url,
    INNGEST_EVENT_KEY: "inkwell",
    INNGEST_SIGNING_KEY: signingKey,
  };
}
