import { and, gt, isNull, sql } from "drizzle-orm";
import { announcements } from "@/db/schema.ts";

/** The condition of an announcement that is shown. */
export const inForce = and(isNull(announcements.withdrawnAt), gt(announcements.endsAt, sql`now()`));
