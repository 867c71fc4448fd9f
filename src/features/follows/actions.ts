"use server";

import { type ActionResult, toActionResult } from "@/lib/action-result.ts";
import { writeAsViewer } from "@/wiring/context.ts";
import { type SetFollowInput, setFollowInput } from "./schema.ts";
import { startFollowing } from "./start-following.ts";
import { stopFollowing } from "./stop-following.ts";

export async function setFollowAction(
  input: SetFollowInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return toActionResult(async () => {
    const { isFollowed, ...page } = setFollowInput.parse(input);
    const verb = isFollowed ? startFollowing : stopFollowing;
    await writeAsViewer((ctx) => verb(ctx, page), origin);
  });
}
