import { listedAtMost } from "@/lib/list-limits.ts";
import { idsIn } from "@/lib/text/names.ts";
import type { OperatorContext } from "@/wiring/context-types.ts";
import type { PoisonedList } from "./schema.ts";

/** Failed signals, newest first. */
export async function listPoisoned({ poisoned, names }: OperatorContext): Promise<PoisonedList> {
  const rows = await poisoned.list({ limit: listedAtMost });
  return {
    rows: rows.map(({ writtenAt: _, setAsideAt, ...row }) => ({
      ...row,
      setAsideAt: setAsideAt.toISOString(),
    })),
    names: await names(idsIn(...rows.flatMap(({ channel, ids }) => [channel, ids ?? ""]))),
  };
}
