import { assertAdmin } from "@/auth/assert-admin.ts";
import { noteAudit } from "@/db/note-audit.ts";
import { AppError } from "@/lib/app-error.ts";
import { findApp, holdApps, type KeysContext, setStatus } from "./keeper.ts";
import { type AppInput, servedForMs } from "./schema.ts";
import { keysChanged } from "./signals.ts";

/**
 * Has browsers connect with this app from their next connection on. Those that are connected with the one
 * before stay, and hear everything: it goes on to be accepted.
 *
 * @throws {AppError} `forbidden` for anybody but admins; `not_found`; `conflict` for an app that is
 *   retired, or that not every server can have heard of yet.
 */
export async function makeCurrent(ctx: KeysContext, { id }: AppInput): Promise<void> {
  assertAdmin(ctx.viewer);
  const apps = await holdApps(ctx);
  const { status, since } = findApp(apps, id);
  if (status === "current") return;
  if (status === "retired") {
    throw new AppError("conflict", `The app ${id} is retired. Accept it first.`);
  }
  if (since !== null && Date.now() - Date.parse(since) < servedForMs) {
    throw new AppError(
      "conflict",
      `The app ${id} is served for less than ${servedForMs / 1000} seconds. Wait until every server knows of it, and try again.`,
    );
  }
  const before = apps.find((app) => app.status === "current");
  if (before !== undefined) await setStatus(ctx, before.id, "accepted");
  await setStatus(ctx, id, "current");
  await noteAudit(ctx.tx, {
    actorId: ctx.viewer.userId,
    action: "broker-app.made-current",
    subject: `app ${id}`,
    detail: { before: before?.id ?? null },
  });
  await ctx.publish(keysChanged());
}
