import { AppError } from "@/lib/errors/app-error.ts";
import { auth } from "./auth.ts";
import type { WriteContext } from "./context-types.ts";

/**
 * The viewer of a request that lasts. Each call of the returned function reads the session again, so that work behind a
 * stream ends with it.
 *
 * @returns A function that throws an {@link AppError} `unauthenticated` when the session has ended.
 */
export function viewerOf(request: Request): () => Promise<WriteContext["viewer"]> {
  return async () => {
    const session = await auth().getViewerFrom(request);
    if (session !== null) return { userId: session.userId, role: session.role };
    throw new AppError("unauthenticated", "You are signed out. Sign in again.");
  };
}
