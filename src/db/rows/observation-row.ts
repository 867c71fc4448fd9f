import { sql } from "drizzle-orm";
import type { SignedObservation } from "../../lib/evidence/observation.ts";

/** The columns of a signed observation. Its times have microseconds, which a `Date` would lose. */
export const observationRow = ({ eventAt, ingestedAt, ...row }: SignedObservation) => ({
  ...row,
  eventAt: sql`${eventAt}::timestamptz`,
  ingestedAt: sql`${ingestedAt}::timestamptz`,
});
