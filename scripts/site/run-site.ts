import { demoAccounts, demoPassword } from "../../src/db/seed/demo-accounts.ts";
import { main } from "../parts/main.ts";
import { startSite } from "./site.ts";

/** `npm run dev` and `npm start`: runs the whole site until it is stopped. */
export function runSite(mode: "development" | "production"): Promise<void> {
  return main(async (stopped) => {
    const startedAtMs = performance.now();
    const say = (line: string) => console.log(`  · ${line}`);
    console.log(`\n  Inkwell, ${mode}`);
    const log = (line: string) => isNews(line) && console.log(line);
    const starting = startSite({ mode, say, log });
    // Stopped during the start: wait until the site is up, then stop its parts in order.
    const first = await Promise.race([starting, stopped]);
    if (typeof first === "string") {
      console.log(`\n  Stopping (${first})`);
      await starting.then((site) => site.stop());
      return 0;
    }
    const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
    console.log(`\n  Inkwell is at ${first.url}   (ready in ${seconds} s)\n`);
    if (first.seeded) console.log(firstSteps(first.url, mode));
    const reason = await Promise.race([stopped, first.ended]);
    console.log(`\n  Stopping (${reason})`);
    await first.stop();
    return reason.startsWith("SIG") ? 0 : 1;
  });
}

/** First steps for a new user. */
function firstSteps(url: string, mode: "development" | "production"): string {
  const accounts = demoAccounts.map(({ role, email }) => `  ${role.padEnd(6)}  ${email}`);
  const warning =
    "This password is public. Set DEMO_ACCOUNTS=off and change it before others can reach this site.";
  return [
    "See it live in a minute:",
    `  1. Open ${url}/sign-in here, and once more in a private window.`,
    '  2. Click "Sign in as reader" in one of them and "Sign in as author" in the other.',
    "  3. Open the same article in both and post a comment. It appears in the other window.",
    "",
    `The demo accounts share the password ${demoPassword}:`,
    ...accounts,
    ...(mode === "production" ? ["", warning] : []),
  ]
    .map((line) => `  ${line}`.trimEnd())
    .join("\n")
    .concat("\n");
}

/**
 * Lines of Next about its address, compilation and settings (`⨯` and one word: a setting that is off). They would push the
 * first steps out of view.
 */
const routine = /^\s*(▲|✓|○|·|⨯ \w+$|- (Local|Network|Environments|Experiments))/;

function isNews(line: string): boolean {
  return !routine.test(line);
}
