import { spawn } from "node:child_process";

/**
 * Ends a process when we are gone, however we went: a shell waits at the end of a pipe that the system
 * closes with us, then sends `signal`. A negative id means a process group. Call the result once the
 * process has ended by itself.
 */
export function endWithUs(pid: number, signal: "INT" | "TERM"): () => void {
  const script = `cat >/dev/null; kill -s ${signal} -- "$0"`;
  const watchdog = spawn("/bin/sh", ["-c", script, String(pid)], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true, // Ctrl-C in the terminal must not reach it
  });
  watchdog.once("error", () => {}); // no shell here: then the next start finds what is left over
  watchdog.stdin.once("error", () => {});
  watchdog.unref();
  (watchdog.stdin as unknown as { unref?: () => void }).unref?.();
  return () => watchdog.kill("SIGKILL");
}
