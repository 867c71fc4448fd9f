import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import type { RelayChildOptions } from "./relay-child.ts";

/** A relay in a separate process. */
export interface RelayProcess {
  /** Resolves when the relay has emitted this event, also when it did so before. */
  readonly told: (event: string) => Promise<void>;
  readonly kill: () => void;
  /** Sends SIGTERM, as a deployment does. */
  readonly end: () => void;
  /** Resolves with the signal or the exit code. */
  readonly ended: Promise<string>;
}

/** Bundles the child once, so that it starts in a tenth of a second. */
export async function prepareRelayProcess() {
  const folder = await mkdtemp(join(tmpdir(), "querycast-relay-"));
  await build({
    configFile: false,
    logLevel: "silent",
    ssr: { noExternal: true },
    build: {
      ssr: join(import.meta.dirname, "relay-child.ts"),
      outDir: folder,
      rollupOptions: { output: { entryFileNames: "relay.mjs" } },
    },
  });
  const children = new Set<ReturnType<typeof spawn>>();
  return {
    start: (options: RelayChildOptions): RelayProcess => {
      const child = spawn(process.execPath, [join(folder, "relay.mjs"), JSON.stringify(options)], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      children.add(child);
      let said = "";
      const waiting = new Map<string, () => void>();
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        for (const [event, resolve] of waiting) if (said.includes(`${event}\n`)) resolve();
      });
      return {
        told: (event) =>
          new Promise((resolve) => {
            if (said.includes(`${event}\n`)) resolve();
            else waiting.set(event, resolve);
          }),
        kill: () => void child.kill("SIGKILL"),
        end: () => void child.kill("SIGTERM"),
        ended: new Promise((resolve) => {
          child.once("exit", (code, signal) => {
            children.delete(child);
            resolve(signal ?? `code ${code}`);
          });
        }),
      };
    },
    close: async () => {
      for (const child of children) child.kill("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
}
