import { asc, desc } from "drizzle-orm";
import { assertAdmin } from "@/auth/assert-admin.ts";
import { nameIds } from "@/db/rows/name-ids.ts";
import { channelBans, channelSettings, phaseSettings } from "@/db/schema.ts";
import { listedAtMost } from "@/lib/list-limits.ts";
import { toSetStage, toStage } from "@/lib/stage.ts";
import { idsIn } from "@/lib/text/names.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { RolloutSettingsView } from "./schema.ts";

/** @throws {AppError} `forbidden` for viewers who are not admins. */
export async function listSettings(ctx: ReadContext): Promise<RolloutSettingsView> {
  assertAdmin(ctx.viewer);
  const [phases, kinds, bans] = await Promise.all([
    ctx.tx.select().from(phaseSettings).orderBy(asc(phaseSettings.phase)),
    ctx.tx.select().from(channelSettings).orderBy(asc(channelSettings.kind)),
    ctx.tx.select().from(channelBans).orderBy(desc(channelBans.createdAt)).limit(listedAtMost),
  ]);
  const named = bans.flatMap(({ userId, channel }) => [userId ?? "", channel ?? ""]);
  const names = await nameIds(ctx.tx, idsIn(...named));
  const setBy = (row: (typeof phases)[number] | (typeof kinds)[number]) => ({
    changedBy: row.changedBy,
    changedAt: row.updatedAt.toISOString(),
  });
  return {
    names,
    phases: phases.map((row) => ({ phase: row.phase, stage: toStage(row), ...setBy(row) })),
    kinds: kinds.map((row) => ({
      kind: row.kind,
      stage: toSetStage(row),
      audience: row.audience,
      options: row.options,
      ...setBy(row),
    })),
    bans: bans.map(({ id, userId, channel, reason, createdAt }) => ({
      id,
      userId,
      channel,
      reason,
      createdAt: createdAt.toISOString(),
    })),
  };
}
