import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { commandLine, endProcess, isAlive } from "./processes.ts";

const recordSchema = z.object({
  starter: z.number(),
  children: z.array(z.object({ pid: z.number(), mark: z.string() })),
});

/**
 * Notes the processes of a run beside its data. When the run itself is killed hard they outlive it; the
 * next one finds them here. A process is ended only when its command line still bears its mark: after a
 * crash of the machine the id may be somebody else's.
 */
export function createChildRecord(folder: string) {
  const path = join(folder, "children.json");
  const children: { pid: number; mark: string }[] = [];
  return {
    add(pid: number, mark: string): void {
      children.push({ pid, mark });
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, JSON.stringify({ starter: process.pid, children }));
    },
    /** How many were still running. */
    async endOrphans(): Promise<number> {
      const record = read(path);
      if (!record || (record.starter !== process.pid && isAlive(record.starter))) return 0;
      const left = record.children.filter(
        ({ pid, mark }) => isAlive(pid) && commandLine(pid).includes(mark),
      );
      await Promise.all(left.map(({ pid }) => endProcess(pid)));
      return left.length;
    },
  };
}

function read(path: string): z.infer<typeof recordSchema> | null {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}
