"use server";

import { type ActionResult, toActionResult } from "@/lib/action-result.ts";
import { writeAsViewer } from "@/wiring/context.ts";
import { type UpdateProfileInput, updateProfileInput } from "./schema.ts";
import { updateProfile } from "./update-profile.ts";

export async function updateProfileAction(input: UpdateProfileInput): Promise<ActionResult<void>> {
  return toActionResult(async () => {
    const parsed = updateProfileInput.parse(input);
    await writeAsViewer((ctx) => updateProfile(ctx, parsed));
  });
}
