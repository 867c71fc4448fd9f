import { createHash } from "node:crypto";
import type { ReactionInput } from "./schema.ts";

/**
 * A UUID of version 8 that is always the same for a person, target and kind. Notifications are written once
 * per id, so adding, removing and adding a reaction again notifies once.
 */
export function reactionId(userId: string, { reactableId, kind }: ReactionInput): string {
  const bytes = createHash("sha256").update(`${userId} ${reactableId} ${kind}`).digest();
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6); // version
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8); // variant
  return bytes
    .toString("hex", 0, 16)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
