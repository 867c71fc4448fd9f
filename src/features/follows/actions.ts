"use server";

import type { ActionResult } from "@/lib/errors/action-result.ts";
import type { PageStamp } from "@/lib/pages/page-viewer.ts";
import { writeAsViewer } from "@/wiring/context.ts";
import { runAction } from "@/wiring/routes/run-action.ts";
import { type SetFollowInput, setFollowInput } from "./schema.ts";
import { startFollowing } from "./start-following.ts";
import { stopFollowing } from "./stop-following.ts";

export async function setFollowAction(
  stamp: PageStamp,
  input: SetFollowInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const { isFollowed, ...page } = setFollowInput.parse(input);
    const action = isFollowed ? startFollowing : stopFollowing;
    await writeAsViewer((ctx) => action(ctx, page), origin);
  });
}
