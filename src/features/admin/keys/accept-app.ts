import { assertAdmin } from "@/auth/assert-admin.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { findApp, holdApps, type KeysContext, setStatus } from "./broker-apps.ts";
import type { AppInput } from "./schema.ts";
import { keysChanged } from "./signals.ts";

/**
 * Serves connections of a retired app again.
 *
 * @throws {AppError} `forbidden` for viewers who are not admins, `not_found`, `conflict` for the current one.
 */
export async function acceptApp(ctx: KeysContext, { id }: AppInput): Promise<void> {
  assertAdmin(ctx.viewer);
  const { status } = findApp(await holdApps(ctx), id);
  if (status === "accepted") return;
  if (status === "current") {
    throw new AppError("conflict", `The app ${id} is current already.`);
  }
  await setStatus(ctx, id, "accepted");
  await ctx.noteAct({ action: "broker-app.accepted", subject: `app ${id}` });
  await ctx.publish(keysChanged());
}
