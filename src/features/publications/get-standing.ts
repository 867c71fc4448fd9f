import { and, eq, sql } from "drizzle-orm";
import { publicationMembers } from "@/db/schema.ts";
import type { Permission } from "@/lib/publications/permissions.ts";
import type { ReadContext } from "@/wiring/context-types.ts";
import type { PublicationInput, Standing } from "./schema.ts";

/** What the viewer is and may do in a publication; nothing when signed out. */
export async function getStanding(
  { tx, viewer }: ReadContext,
  { publicationId }: PublicationInput,
): Promise<Standing> {
  if (viewer.userId === null) return { isMember: false, permissions: [] };
  const [row] = await tx
    .select({
      permissions: sql<Permission[]>`to_json(app.viewer_permissions(${publicationId}))`,
    })
    .from(publicationMembers)
    .where(
      and(
        eq(publicationMembers.publicationId, publicationId),
        eq(publicationMembers.userId, viewer.userId),
      ),
    );
  return { isMember: row !== undefined, permissions: row?.permissions ?? [] };
}
