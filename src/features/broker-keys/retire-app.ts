import { assertAdmin } from "@/auth/assert-admin.ts";
import { noteAudit } from "@/db/note-audit.ts";
import { AppError } from "@/lib/app-error.ts";
import { findApp, holdApps, type KeysContext, setStatus } from "./keeper.ts";
import type { AppInput } from "./schema.ts";
import { keysChanged } from "./signals.ts";

/**
 * Ends an app: within a second or two nothing is published to it and nothing signed for it. Whoever is
 * still connected with it is told, and is back with the current one within seconds.
 *
 * @throws {AppError} `forbidden` for anybody but admins, `not_found`, `conflict` for the current one.
 */
export async function retireApp(ctx: KeysContext, { id }: AppInput): Promise<void> {
  assertAdmin(ctx.viewer);
  const { status } = findApp(await holdApps(ctx), id);
  if (status === "retired") return;
  if (status === "current") {
    throw new AppError("conflict", `The app ${id} is current. Make another app current first.`);
  }
  await setStatus(ctx, id, "retired");
  await noteAudit(ctx.tx, {
    actorId: ctx.viewer.userId,
    action: "broker-app.retired",
    subject: `app ${id}`,
  });
  await ctx.publish(keysChanged());
}
