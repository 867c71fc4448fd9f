import { assertAdmin } from "@/auth/assert-admin.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { BrokerAppServices } from "./broker-apps.ts";
import type { AppInput } from "./schema.ts";

/**
 * Publishes a test event as an app, so that an admin knows before the switch whether the broker accepts it.
 *
 * @throws {AppError} `forbidden` for viewers who are not admins; `not_found`; `conflict` with the reason.
 */
export async function checkApp(
  { viewer, check }: Pick<ReadContext, "viewer"> & Pick<BrokerAppServices, "check">,
  { id }: AppInput,
): Promise<void> {
  assertAdmin(viewer);
  await check(id);
}
