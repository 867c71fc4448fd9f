"use server";

import { type ActionResult, toActionResult } from "@/lib/action-result.ts";
import { writeAsViewer } from "@/wiring/context.ts";
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
  input: CreateCommentInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return toActionResult(async () => {
    const parsed = createCommentInput.parse(input);
    await writeAsViewer((ctx) => createComment(ctx, parsed), origin);
  });
}

export async function editCommentAction(
  input: EditCommentInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return toActionResult(async () => {
    const parsed = editCommentInput.parse(input);
    await writeAsViewer((ctx) => editComment(ctx, parsed), origin);
  });
}

export async function deleteCommentAction(
  input: DeleteCommentInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return toActionResult(async () => {
    const parsed = deleteCommentInput.parse(input);
    await writeAsViewer((ctx) => deleteComment(ctx, parsed), origin);
  });
}
