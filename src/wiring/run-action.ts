import { type ActionResult, toActionResult } from "@/lib/action-result.ts";
import { assertMadeFor, type PageStamp } from "@/lib/page-viewer.ts";
import { auth } from "./auth.ts";

/**
 * Runs a server action for the page that called it: refused, before anything is read or changed, when the
 * cookie is of another account than the page was rendered for. What the work throws becomes a value.
 *
 * @param page as the browser sent it, see `pageStamp`
 */
export function runAction<Value>(
  page: PageStamp,
  work: () => Promise<Value>,
): Promise<ActionResult<Value>> {
  return toActionResult(async () => {
    const { userId } = await auth().getViewer();
    assertMadeFor(madeForOf(page), userId);
    return work();
  });
}

/** Anything but an id counts as a page for a signed-out visitor, which no session matches. */
function madeForOf(page: unknown): string | null {
  const { madeFor } = (page ?? {}) as Partial<PageStamp>;
  return typeof madeFor === "string" ? madeFor : null;
}
