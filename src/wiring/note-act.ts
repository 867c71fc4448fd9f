import { eq } from "drizzle-orm";
import { channels } from "@/channels/index.ts";
import { type AuditNote, noteAudit } from "@/db/rows/note-audit.ts";
import { users } from "@/db/schema.ts";
import type { Transaction } from "@/db/viewer.ts";
import type { SendAfterCommit } from "./context-types.ts";

const subjectCharacters = 120;

/** Writes an act of an admin to the audit log, and sends it to the activity of the console after the commit. */
export async function noteAct(
  { tx, send }: { readonly tx: Transaction; readonly send: SendAfterCommit },
  note: AuditNote & { readonly actorId: string },
): Promise<void> {
  const { actorId, action, subject } = note;
  const [[actor]] = await Promise.all([
    tx.select({ handle: users.handle }).from(users).where(eq(users.id, actorId)),
    noteAudit(tx, note),
  ]);
  send(channels.activity({}), {
    type: "admin.acted",
    fields: {
      actorId,
      action,
      handle: actor?.handle ?? "",
      subject: subject.slice(0, subjectCharacters),
    },
  });
}
