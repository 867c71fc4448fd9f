import { headers } from "next/headers";
import { requestSource } from "@/auth/request-source.ts";
import { type ActionResult, toActionResult } from "@/lib/action-result.ts";
import { assertMadeFor, type PageStamp } from "@/lib/page-viewer.ts";
import { auth } from "./auth.ts";
import { limits } from "./limits.ts";

/**
 * Runs a server action for the page that called it, within the limits of the visitor and of the person.
 * Refused, before anything is changed, when the cookie is of another account than the page was rendered for.
 * What the work throws becomes a value.
 *
 * @param page as the browser sent it, see `pageStamp`
 */
export function runAction<Value>(
  page: PageStamp,
  work: () => Promise<Value>,
): Promise<ActionResult<Value>> {
  return toActionResult(async () => {
    await countAction();
    const { userId } = await auth().getViewer();
    if (userId !== null) await limits().actionOf(userId);
    assertMadeFor(madeForOf(page), userId);
    return work();
  });
}

/**
 * Runs a server action that signs a visitor in or up, within the limits of the visitor. The form names the
 * account itself, so the page's account does not matter.
 */
export function runEntrance<Value>(work: () => Promise<Value>): Promise<ActionResult<Value>> {
  return toActionResult(async () => {
    await countAction();
    return work();
  });
}

/** Refuses without a query: by the session that the cookie claims, else by address. */
async function countAction(): Promise<void> {
  const sent = await headers();
  const claim = await auth().claim({ headers: sent });
  const { address } = requestSource(sent);
  await limits().action({ sessionId: claim?.sessionId ?? null, address });
}

/** Anything but an id counts as a page for a signed-out visitor, which no session matches. */
function madeForOf(page: unknown): string | null {
  const { madeFor } = (page ?? {}) as Partial<PageStamp>;
  return typeof madeFor === "string" ? madeFor : null;
}
