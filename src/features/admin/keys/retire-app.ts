import { assertAdmin } from "@/auth/assert-admin.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { findApp, holdApps, type KeysContext, setStatus } from "./broker-apps.ts";
import type { AppInput } from "./schema.ts";
import { keysChanged } from "./signals.ts";

/**
 * Retires an app: within two seconds signals are neither published to it nor signed for it. Pages that are
 * connected with it reconnect with the current app within seconds.
 *
 * @throws {AppError} `forbidden` for viewers who are not admins, `not_found`, `conflict` for the current one.
 */
export async function retireApp(ctx: KeysContext, { id }: AppInput): Promise<void> {
  assertAdmin(ctx.viewer);
  const { status } = findApp(await holdApps(ctx), id);
  if (status === "retired") return;
  if (status === "current") {
    throw new AppError("conflict", `The app ${id} is current. Make another app current first.`);
  }
  await setStatus(ctx, id, "retired");
  await ctx.noteAct({ action: "broker-app.retired", subject: `app ${id}` });
  await ctx.publish(keysChanged());
}
