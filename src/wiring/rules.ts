import { eq } from "drizzle-orm";
import { authorize, byRls, type Viewer as Subscriber } from "querycast/server";
import { articles, gists, tags, users } from "@/db/schema.ts";
import type { Transaction, Viewer } from "@/db/viewer.ts";
import { channels } from "./inventory.ts";

/** Whoever asks to join, as a verified session says. */
export type Member = Subscriber & { readonly role: Viewer["role"] };

/**
 * Who may hear each channel. May join = may read: the selects run in the viewer's own transaction, so
 * row-level security decides, and there is no second list of permissions to keep in step.
 */
export const authority = authorize<typeof channels, Member, Transaction>(channels, {
  user: ({ userId }, { viewer }) => userId === viewer.id,
  resource: byRls(({ resourceType, resourceId }, { tx }) => {
    const table = resourceType === "article" ? articles : gists;
    return tx.select({ id: table.id }).from(table).where(eq(table.id, resourceId));
  }),
  profile: byRls(({ userId }, { tx }) =>
    tx.select({ id: users.id }).from(users).where(eq(users.id, userId)),
  ),
  site: () => true, // a viewer is somebody who is signed in
  tag: byRls(({ tagId }, { tx }) =>
    tx.select({ id: tags.id }).from(tags).where(eq(tags.id, tagId)),
  ),
});
