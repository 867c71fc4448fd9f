import { eq } from "drizzle-orm";
import { authorize, byRls, type Viewer as Subscriber } from "querycast/server";
import type { Kind } from "@/channels/kinds.ts";
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

interface RuleNote {
  /** What the rule asks, in words. */
  readonly words: string;
  /** The table whose policies decide; null when the rule reads none. */
  readonly table: (params: Readonly<Record<string, string>>) => string | null;
}

/** The rules as admins read them. A kind without a note does not compile. */
export const ruleNotes: Readonly<Record<Kind, RuleNote>> = {
  user: { words: "A person's channel is for that person alone.", table: () => null },
  resource: {
    words: "A read of the page as this person returns it, or does not.",
    table: ({ resourceType }) => (resourceType === "article" ? "articles" : "gists"),
  },
  profile: { words: "A read of the profile as this person returns it.", table: () => "users" },
  tag: { words: "A read of the tag as this person returns it.", table: () => "tags" },
  site: { words: "For whoever is signed in.", table: () => null },
};
