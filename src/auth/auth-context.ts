import type { Database } from "@/db/database.ts";
import type { Attempts } from "./attempts.ts";

/** What the verbs of this folder are handed. */
export interface AuthContext {
  readonly database: Database;
  readonly attempts: Attempts;
  /** Told of a person one of whose sessions was revoked, after the commit. */
  readonly onSessionEnded?: ((userId: string) => void) | undefined;
}

/** Where a request came from, as far as that is known: for limits and for the list of sessions. */
export interface RequestSource {
  readonly address: string;
  readonly userAgent: string;
}
