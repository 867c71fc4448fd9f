import { demoAccounts, demoPassword } from "../../src/db/seed/demo-accounts.ts";
import { main } from "./main.ts";
import { startSite } from "./site.ts";

/** Command 1: the whole site, until it is stopped. */
export function runSite(mode: "development" | "production"): Promise<void> {
  return main(async (stopped) => {
    const startedAt = performance.now();
    const say = (line: string) => console.log(`  · ${line}`);
    console.log(`\n  Inkwell, ${mode}`);
    const starting = startSite({ mode, say, log: (line) => console.log(line) });
    // Stopped while still starting: let it come up, then take it down in order.
    const first = await Promise.race([starting, stopped]);
    if (typeof first === "string") {
      console.log(`\n  Stopping (${first})`);
      await starting.then((site) => site.stop());
      return 0;
    }
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`\n  ${first.url}   (${seconds} s)\n`);
    if (first.seeded) printAccounts();
    const reason = await Promise.race([stopped, first.ended]);
    console.log(`\n  Stopping (${reason})`);
    await first.stop();
    return reason.startsWith("SIG") ? 0 : 1;
  });
}

function printAccounts(): void {
  for (const { role, email } of demoAccounts) {
    console.log(`  ${role.padEnd(6)}  ${email}  ${demoPassword}`);
  }
  console.log("");
}
