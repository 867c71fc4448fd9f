import { assertAdmin } from "@/auth/assert-admin.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { findApp, holdApps, type KeysContext, setStatus } from "./broker-apps.ts";
import { type AppInput, servedForMs } from "./schema.ts";
import { keysChanged } from "./signals.ts";

/**
 * Makes an app the one that browsers use for new connections. The former current app stays accepted, so
 * open connections keep receiving signals. A test event is published with the app's key and secret in this
 * transaction, after the apps are locked: an app that the broker refuses never becomes current.
 *
 * @throws {AppError} `forbidden` for viewers who are not admins; `not_found`; `conflict` for an app that is
 *   retired, that some server may not have read yet, or that the broker refuses.
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
      `The app ${id} was added less than ${servedForMs / 1000} seconds ago. Wait until every server has loaded it, then try again.`,
    );
  }
  await ctx.check(id);
  const before = apps.find((app) => app.status === "current");
  if (before !== undefined) await setStatus(ctx, before.id, "accepted");
  await setStatus(ctx, id, "current");
  await ctx.noteAct({
    action: "broker-app.made-current",
    subject: `app ${id}`,
    detail: { before: before?.id ?? null },
  });
  await ctx.publish(keysChanged());
}
