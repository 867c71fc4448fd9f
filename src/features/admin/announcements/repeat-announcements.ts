import { desc } from "drizzle-orm";
import { channels } from "@/channels/index.ts";
import { announcements } from "@/db/schema.ts";
import type { JobContext } from "@/wiring/context-types.ts";
import { announced } from "./announced.ts";
import { inForce } from "./in-force.ts";

/** Sends the announcement in force to open pages once more. Their banner ends by the age of its last message. */
export async function repeatAnnouncements({ tx, send }: JobContext): Promise<void> {
  const [row] = await tx
    .select()
    .from(announcements)
    .where(inForce)
    .orderBy(desc(announcements.createdAt))
    .limit(1);
  if (row !== undefined) send(channels.announcement({}), announced(row));
}
