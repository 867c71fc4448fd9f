import { headers } from "next/headers";
import { requestSource } from "@/auth/sign-in/request-source.ts";
import { type ActionResult, toActionResult } from "@/lib/errors/action-result.ts";
import { assertMadeFor, type PageStamp } from "@/lib/pages/page-viewer.ts";
import { auth } from "../auth.ts";
import { limits } from "./limits.ts";

/**
 * Runs a server action for the page that called it, within the rate limits of the visitor and the account.
 * Refused before any change when the cookie belongs to another account than the page was rendered for.
 * Errors are returned as values.
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
 * Runs a sign-in or sign-up action, within the rate limits of the visitor. The form names the account, so
 * the account of the page is not checked.
 */
export function runEntrance<Value>(work: () => Promise<Value>): Promise<ActionResult<Value>> {
  return toActionResult(async () => {
    await countAction();
    return work();
  });
}

/** Counts an action without a query: by the session in the cookie, else by address. */
async function countAction(): Promise<void> {
  const sent = await headers();
  const claim = await auth().claim({ headers: sent });
  const { address } = requestSource(sent);
  await limits().action({ sessionId: claim?.sessionId ?? null, address });
}

/** A value that is not an id counts as the page of a signed-out visitor, which matches no session. */
function madeForOf(page: unknown): string | null {
  const { madeFor } = (page ?? {}) as Partial<PageStamp>;
  return typeof madeFor === "string" ? madeFor : null;
}
