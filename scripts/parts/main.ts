import { PartError } from "./part-error.ts";

/**
 * Runs a script until it is over or somebody stops it (Ctrl-C, SIGTERM, a closed terminal). A second
 * Ctrl-C does not wait. What a person can put right is printed in words; anything else with its stack.
 */
export async function main(script: (stopped: Promise<string>) => Promise<number>): Promise<void> {
  const stopped = new Promise<string>((resolve) => {
    let asked = false;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        if (asked && signal === "SIGINT") process.exit(130);
        asked = true;
        resolve(signal);
      });
    }
    // npm hands SIGTERM to a shell, which ends without telling us.
    if (process.env.npm_lifecycle_event) {
      const parent = process.ppid;
      setInterval(() => process.ppid !== parent && resolve("SIGTERM of npm"), 500).unref();
    }
  });
  try {
    process.exitCode = await script(stopped);
  } catch (error) {
    process.exitCode = 1;
    if (error instanceof PartError) console.error(`\n  ${error.message}\n  ${error.wayOut}\n`);
    else console.error(error);
  }
  process.exit();
}
