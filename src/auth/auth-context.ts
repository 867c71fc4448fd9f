import type { Database } from "@/db/database.ts";
import type { Attempts } from "./sign-in/attempts.ts";

/** Context of the functions in this folder. */
export interface AuthContext {
  readonly database: Database;
  readonly attempts: Attempts;
  /** Called with the user id after the transaction that revoked a session has committed. */
  readonly onSessionEnded?: ((userId: string) => void) | undefined;
  /** Called after the transaction that created an account has committed. */
  readonly onSignedUp?:
    | ((person: { readonly userId: string; readonly handle: string }) => void)
    | undefined;
}

/**
 * Network address and user agent of a request, as far as known. Used for limits and for the list of
 * sessions.
 */
export interface RequestSource {
  readonly address: string;
  readonly userAgent: string;
}
