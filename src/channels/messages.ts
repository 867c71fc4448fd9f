import { channel, fields } from "querycast";
import { oneOf, params, uuid } from "./params.ts";

/**
 * The ephemeral channels of the site, see `docs/ephemeral.md`. A message is content: every viewer who may join its
 * channel can read it.
 */

/** What each kind shows, for admins and `docs/inventory.md`. */
export const messageTitles = {
  replying: "Who is replying",
  announcement: "Announcements of maintenance",
  import: "Progress of an import",
  preview: "Preview of an article",
  report: "Daily report",
  activity: "Activity of the site",
} as const;

/** How long a person counts as replying after a key. Pages repeat the message while the person types. */
export const replyingMs = 6_000;

/** People who are writing a comment. The target is the comment they answer, or the page itself. */
export const replying = channel("replying.{resourceType}.{resourceId}", {
  phase: 2,
  params: params({ resourceType: oneOf("article", "gist"), resourceId: uuid }),
  ephemeral: { bufferSize: 20, messageTTL: replyingMs },
})
  .message("reply.typed", fields({ targetId: "id", userId: "id", handle: "string" }))
  .message("reply.ended", fields({ targetId: "id", userId: "id" }));

/** The announcement in force, which a job repeats every minute. */
export const announcement = channel("announcement", {
  phase: 1,
  ephemeral: { bufferSize: 4, lastN: 1, messageTTL: 150_000 },
})
  .message(
    "maintenance.announced",
    // The end in ms since 1970.
    fields({ announcementId: "id", text: "string", endsAtMs: "number" }),
  )
  .message("maintenance.withdrawn", fields({ announcementId: "id" }));

/** The progress of one import. Its table has the result. */
export const importProgress = channel("import.{importId}", {
  phase: 3,
  params: params({ importId: uuid }),
  ephemeral: { bufferSize: 20, lastN: 1 },
})
  .message("import.progressed", fields({ done: "number", total: "number" }))
  .message("import.finished", fields({ drafts: "number", failed: "number" }));

/** The tabs in which an author previews an article. */
export const preview = channel("preview.{articleId}", {
  phase: 3,
  params: params({ articleId: uuid }),
  ephemeral: { bufferSize: 4, messageTTL: 10_000 },
}).message("article.saved", fields({ articleId: "id" }));

/** Reports for one author. */
export const report = channel("report.{userId}", {
  phase: 3,
  params: params({ userId: uuid }),
  ephemeral: { bufferSize: 4 },
}).message("report.ready", fields({ day: "string" }));

/** What admins did, and who signed up. Admins read it; the audit log has all acts of admins. */
export const activity = channel("activity", {
  phase: 1,
  ephemeral: { bufferSize: 20, lastN: 20, messageTTL: 86_400_000 },
})
  .message(
    "admin.acted",
    fields({ actorId: "id", handle: "string", action: "string", subject: "string" }),
  )
  .message("person.joined", fields({ userId: "id", handle: "string" }));
