import { spawn } from "node:child_process";

/**
 * Ends a process when this one exits, also after SIGKILL: a shell reads from a pipe that the system closes
 * on exit, then sends `signal`. A negative id means a process group. Call the result once the process has
 * exited.
 */
export function endWithUs(pid: number, signal: "INT" | "TERM"): () => void {
  const script = `cat >/dev/null; kill -s ${signal} -- "$0"`;
  const watchdog = spawn("/bin/sh", ["-c", script, String(pid)], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true, // keeps Ctrl-C in the terminal from reaching it
  });
  watchdog.once("error", () => {}); // without a shell, the next start stops an orphaned process
  watchdog.stdin.once("error", () => {});
  watchdog.unref();
  (watchdog.stdin as unknown as { unref?: () => void }).unref?.();
  return () => watchdog.kill("SIGKILL");
}
