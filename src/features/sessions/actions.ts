"use server";

import { originOf } from "querycast/server";
import type { ActionResult } from "@/lib/errors/action-result.ts";
import type { PageStamp } from "@/lib/pages/page-viewer.ts";
import { auth } from "@/wiring/auth.ts";
import { runAction } from "@/wiring/routes/run-action.ts";
import { type RevokeSessionInput, revokeSessionInput } from "./schema.ts";

export async function revokeSessionAction(
  stamp: PageStamp,
  input: RevokeSessionInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const { sessionId } = revokeSessionInput.parse(input);
    await auth().revokeSession(await auth().getViewer(), sessionId, await originOf(origin));
  });
}

/** Ends all sessions of the viewer but the current one. */
export async function revokeOtherSessionsAction(
  stamp: PageStamp,
  origin?: string,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => auth().revokeOtherSessions(await originOf(origin)));
}
