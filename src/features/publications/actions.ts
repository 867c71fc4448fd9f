"use server";

import type { ActionResult } from "@/lib/errors/action-result.ts";
import type { PageStamp } from "@/lib/pages/page-viewer.ts";
import { writeAsViewer } from "@/wiring/context.ts";
import { runAction } from "@/wiring/routes/run-action.ts";
import { createPublication } from "./create-publication.ts";
import { deletePublication } from "./delete-publication.ts";
import { leavePublication } from "./leave-publication.ts";
import {
  type CreatePublicationInput,
  createPublicationInput,
  type DeletePublicationInput,
  deletePublicationInput,
  type PublicationInput,
  publicationInput,
  type UpdatePublicationInput,
  updatePublicationInput,
} from "./schema.ts";
import { updatePublication } from "./update-publication.ts";

/** @returns the address, as it is stored */
export async function createPublicationAction(
  stamp: PageStamp,
  input: CreatePublicationInput,
): Promise<ActionResult<string>> {
  return runAction(stamp, async () => {
    const parsed = createPublicationInput.parse(input);
    await writeAsViewer((ctx) => createPublication(ctx, parsed));
    return parsed.slug;
  });
}

export async function updatePublicationAction(
  stamp: PageStamp,
  input: UpdatePublicationInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = updatePublicationInput.parse(input);
    await writeAsViewer((ctx) => updatePublication(ctx, parsed), origin);
  });
}

export async function leavePublicationAction(
  stamp: PageStamp,
  input: PublicationInput,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = publicationInput.parse(input);
    await writeAsViewer((ctx) => leavePublication(ctx, parsed));
  });
}

export async function deletePublicationAction(
  stamp: PageStamp,
  input: DeletePublicationInput,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = deletePublicationInput.parse(input);
    await writeAsViewer((ctx) => deletePublication(ctx, parsed));
  });
}
