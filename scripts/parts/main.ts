import { PartError } from "./part-error.ts";

/**
 * Runs a script until it returns. `stopped` resolves on Ctrl-C, SIGTERM or a closed terminal; a second
 * Ctrl-C exits at once. A `PartError` is printed as message and remedy, any other error with its stack.
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
    // npm sends SIGTERM to its shell only. The shell exits and this process gets a new parent.
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
