import type { OperatorContext } from "@/features/context.ts";
import type { Poisoned } from "./schema.ts";

/** What the broker refused, the youngest first. */
export async function listPoisoned({ poisoned }: OperatorContext): Promise<readonly Poisoned[]> {
  const rows = await poisoned.list({ limit: 100 });
  return rows.map(({ writtenAt: _, setAsideAt, ...row }) => ({
    ...row,
    setAsideAt: setAsideAt.toISOString(),
  }));
}
