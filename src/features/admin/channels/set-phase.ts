import { eq, sql } from "drizzle-orm";
import { assertAdmin } from "@/auth/assert-admin.ts";
import { phaseSettings } from "@/db/schema.ts";
import { toColumns, toStage } from "@/lib/stage.ts";
import type { WriteContext } from "@/wiring/context-types.ts";
import type { SetPhaseInput } from "./schema.ts";
import { rolloutChanged } from "./signals.ts";

/**
 * Sets the stage of a phase. Every server and open page applies it within seconds: the announcement commits
 * with the change.
 *
 * @throws {AppError} `forbidden` for viewers who are not admins.
 */
export async function setPhase(ctx: WriteContext, { phase, stage }: SetPhaseInput): Promise<void> {
  assertAdmin(ctx.viewer);
  const { tx, viewer, publish } = ctx;
  const [before] = await tx.select().from(phaseSettings).where(eq(phaseSettings.phase, phase));
  if (stage === null) await tx.delete(phaseSettings).where(eq(phaseSettings.phase, phase));
  else {
    const set = { ...toColumns(stage), changedBy: viewer.userId };
    await tx
      .insert(phaseSettings)
      .values({ phase, ...set })
      .onConflictDoUpdate({
        target: phaseSettings.phase,
        set: { ...set, updatedAt: sql`now()` },
      });
  }
  const from = before === undefined ? null : toStage(before);
  await ctx.noteAct({
    action: "phase.changed",
    subject: `phase ${phase}`,
    detail: { from, to: stage },
  });
  await publish(rolloutChanged());
}
