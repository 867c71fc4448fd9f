"use server";

import { type ActionResult, toActionResult } from "@/lib/action-result.ts";
import { writeAsViewer } from "@/wiring/context.ts";
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

export async function createGistAction(input: CreateGistInput): Promise<ActionResult<void>> {
  return toActionResult(async () => {
    const parsed = createGistInput.parse(input);
    await writeAsViewer((ctx) => createGist(ctx, parsed));
  });
}

export async function updateGistAction(input: UpdateGistInput): Promise<ActionResult<void>> {
  return toActionResult(async () => {
    const parsed = updateGistInput.parse(input);
    await writeAsViewer((ctx) => updateGist(ctx, parsed));
  });
}

export async function deleteGistAction(input: DeleteGistInput): Promise<ActionResult<void>> {
  return toActionResult(async () => {
    const parsed = deleteGistInput.parse(input);
    await writeAsViewer((ctx) => deleteGist(ctx, parsed));
  });
}
