"use server";

import { originOf } from "querycast/server";
import { type ActionResult, toActionResult } from "@/lib/action-result.ts";
import { auth } from "@/wiring/auth.ts";
import { type RevokeSessionInput, revokeSessionInput } from "./schema.ts";

export async function revokeSessionAction(
  input: RevokeSessionInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return toActionResult(async () => {
    const { sessionId } = revokeSessionInput.parse(input);
    await auth().revokeSession(await auth().getViewer(), sessionId, await originOf(origin));
  });
}

/** Ends every session of the viewer but the one this comes from. */
export async function revokeOtherSessionsAction(origin?: string): Promise<ActionResult<void>> {
  return toActionResult(async () => auth().revokeOtherSessions(await originOf(origin)));
}
