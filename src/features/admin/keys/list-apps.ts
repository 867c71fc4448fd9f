import { assertAdmin } from "@/auth/assert-admin.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import { type BrokerAppServices, readApps } from "./broker-apps.ts";
import type { BrokerAppView } from "./schema.ts";

/** The apps at the broker, without their secrets. @throws {AppError} `forbidden` */
export async function listApps(
  ctx: ReadContext & Pick<BrokerAppServices, "start">,
): Promise<readonly BrokerAppView[]> {
  assertAdmin(ctx.viewer);
  return readApps(ctx, ctx.start);
}
