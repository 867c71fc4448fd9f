"use server";

import type { ActionResult } from "@/lib/errors/action-result.ts";
import type { PageStamp } from "@/lib/pages/page-viewer.ts";
import { writeAsViewer } from "@/wiring/context.ts";
import { runAction } from "@/wiring/routes/run-action.ts";
import { createComment } from "./create-comment.ts";
import { deleteComment } from "./delete-comment.ts";
import { editComment } from "./edit-comment.ts";
import {
  type CreateCommentInput,
  createCommentInput,
  type DeleteCommentInput,
  deleteCommentInput,
  type EditCommentInput,
  editCommentInput,
} from "./schema.ts";

export async function createCommentAction(
  stamp: PageStamp,
  input: CreateCommentInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = createCommentInput.parse(input);
    await writeAsViewer((ctx) => createComment(ctx, parsed), origin);
  });
}

export async function editCommentAction(
  stamp: PageStamp,
  input: EditCommentInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = editCommentInput.parse(input);
    await writeAsViewer((ctx) => editComment(ctx, parsed), origin);
  });
}

export async function deleteCommentAction(
  stamp: PageStamp,
  input: DeleteCommentInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = deleteCommentInput.parse(input);
    await writeAsViewer((ctx) => deleteComment(ctx, parsed), origin);
  });
}
