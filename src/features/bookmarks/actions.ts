"use server";

import { type ActionResult, toActionResult } from "@/lib/action-result.ts";
import { writeAsViewer } from "@/wiring/context.ts";
import { addBookmark } from "./add-bookmark.ts";
import { removeBookmark } from "./remove-bookmark.ts";
import { type SetBookmarkInput, setBookmarkInput } from "./schema.ts";

export async function setBookmarkAction(
  input: SetBookmarkInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return toActionResult(async () => {
    const { isKept, ...page } = setBookmarkInput.parse(input);
    const verb = isKept ? addBookmark : removeBookmark;
    await writeAsViewer((ctx) => verb(ctx, page), origin);
  });
}
