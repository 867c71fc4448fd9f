"use server";

import { type ActionResult, toActionResult } from "@/lib/action-result.ts";
import { auth } from "@/wiring/auth.ts";
import { type RevokeSessionInput, revokeSessionInput } from "./schema.ts";

export async function revokeSessionAction(input: RevokeSessionInput): Promise<ActionResult<void>> {
  return toActionResult(async () => {
    const { sessionId } = revokeSessionInput.parse(input);
    await auth().revokeSession(await auth().getViewer(), sessionId);
  });
}

/** Ends every session of the viewer but the one this comes from. */
export async function revokeOtherSessionsAction(): Promise<ActionResult<void>> {
  return toActionResult(() => auth().revokeOtherSessions());
}
