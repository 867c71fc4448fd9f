"use server";

import type { ActionResult } from "@/lib/errors/action-result.ts";
import type { PageStamp } from "@/lib/pages/page-viewer.ts";
import { writeAsViewer } from "@/wiring/context.ts";
import { runAction } from "@/wiring/routes/run-action.ts";
import { addBookmark } from "./add-bookmark.ts";
import { removeBookmark } from "./remove-bookmark.ts";
import { type SetBookmarkInput, setBookmarkInput } from "./schema.ts";

export async function setBookmarkAction(
  stamp: PageStamp,
  input: SetBookmarkInput,
  origin?: string,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const { isKept, ...page } = setBookmarkInput.parse(input);
    const action = isKept ? addBookmark : removeBookmark;
    await writeAsViewer((ctx) => action(ctx, page), origin);
  });
}
