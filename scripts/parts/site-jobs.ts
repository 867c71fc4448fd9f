import { startInngestServer } from "./inngest-server.ts";
import { startJobRunner } from "./job-runner.ts";
import { LOOPBACK } from "./ports.ts";
import type { Variables } from "./settings.ts";
import type { SiteContext } from "./site-context.ts";

/** Nothing when the environment names an Inngest; else its dev server where installed, or our runner. */
export async function createJobs(context: SiteContext, sitePort: number): Promise<Variables> {
  const { given, say, closers } = context;
  if (given.INNGEST_DEV || given.INNGEST_EVENT_KEY) {
    say("Jobs: the Inngest of the environment");
    return {};
  }
  const appUrl = `http://${LOOPBACK}:${sitePort}/api/inngest`;
  const server = await startInngestServer(appUrl);
  if (server) {
    say(`Jobs: Inngest's dev server, ${server.url}`);
    closers.jobs = server.stop;
    return { INNGEST_DEV: server.url };
  }
  say("Jobs, in this process");
  const runner = await startJobRunner({ appUrl, say });
  closers.jobs = runner.stop;
  return { INNGEST_DEV: runner.url };
}
