"use server";

import type { ActionResult } from "@/lib/errors/action-result.ts";
import type { PageStamp } from "@/lib/pages/page-viewer.ts";
import { writeAsViewer } from "@/wiring/context.ts";
import { runAction } from "@/wiring/routes/run-action.ts";
import { createGist } from "./create-gist.ts";
import { deleteGist } from "./delete-gist.ts";
import {
  type CreateGistInput,
  createGistInput,
  type DeleteGistInput,
  deleteGistInput,
  type UpdateGistInput,
  updateGistInput,
} from "./schema.ts";
import { updateGist } from "./update-gist.ts";

export async function createGistAction(
  stamp: PageStamp,
  input: CreateGistInput,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = createGistInput.parse(input);
    await writeAsViewer((ctx) => createGist(ctx, parsed));
  });
}

export async function updateGistAction(
  stamp: PageStamp,
  input: UpdateGistInput,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = updateGistInput.parse(input);
    await writeAsViewer((ctx) => updateGist(ctx, parsed));
  });
}

export async function deleteGistAction(
  stamp: PageStamp,
  input: DeleteGistInput,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = deleteGistInput.parse(input);
    await writeAsViewer((ctx) => deleteGist(ctx, parsed));
  });
}
