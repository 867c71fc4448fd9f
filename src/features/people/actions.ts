"use server";

import type { ActionResult } from "@/lib/errors/action-result.ts";
import type { PageStamp } from "@/lib/pages/page-viewer.ts";
import { writeAsViewer } from "@/wiring/context.ts";
import { runAction } from "@/wiring/routes/run-action.ts";
import { type UpdateProfileInput, updateProfileInput } from "./schema.ts";
import { updateProfile } from "./update-profile.ts";

export async function updateProfileAction(
  stamp: PageStamp,
  input: UpdateProfileInput,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = updateProfileInput.parse(input);
    await writeAsViewer((ctx) => updateProfile(ctx, parsed));
  });
}
