import { assertAdmin } from "@/auth/assert-admin.ts";
import { brokerApps } from "@/db/schema.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { holdApps, type KeysContext } from "./broker-apps.ts";
import type { AddAppInput } from "./schema.ts";
import { keysChanged } from "./signals.ts";

/**
 * Adds an app that exists at the broker. From then on signals are published to it too, and its connections
 * are served. Pages connect with it only after it is current.
 *
 * @throws {AppError} `forbidden` for viewers who are not admins, `conflict` for an id or a key that exists.
 */
export async function addApp(ctx: KeysContext, { id, key, secret }: AddAppInput): Promise<void> {
  assertAdmin(ctx.viewer);
  const apps = await holdApps(ctx);
  const other = apps.find((app) => app.id === id || app.key === key);
  if (other !== undefined) {
    const what = other.id === id ? `app with the id ${id}` : `app with the key ${key}`;
    throw new AppError("conflict", `An ${what} exists already. Create another app at the broker.`, {
      fieldErrors: { [other.id === id ? "id" : "key"]: ["Already in use."] },
    });
  }
  const sealed = ctx.seal({ appId: id, key, secret });
  await ctx.tx.insert(brokerApps).values({ id, key, secret: sealed, status: "accepted" });
  await ctx.noteAct({ action: "broker-app.added", subject: `app ${id}`, detail: { key } });
  await ctx.publish(keysChanged());
}
