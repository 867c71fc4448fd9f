import { authorize } from "../../server/route/rules.ts";
import type { Viewer } from "../../server/viewer.ts";
import { type Access, type ConformanceStack, conformanceChannels, type Room } from "./stack.ts";

/**
 * Makes access rules and contents of rooms in memory for a stack without a database. Returns the authority for
 * the server, the part of the stack that reads them, and `setRevision`.
 */
export function createRoomRules() {
  const accesses = new Map<string, Access>();
  const revisions = new Map<string, number>();
  let rooms = 0;
  const mayRead = (roomId: string, viewer: Viewer) => {
    const access = accesses.get(roomId) ?? "denied";
    if (access === "unavailable") {
      throw new Error("The rule fails, because the room is unavailable.");
    }
    return access === "allowed" || (access === "author" && viewer.id === "author");
  };
  const authority = authorize(conformanceChannels, {
    room: ({ roomId }, { viewer }) => mayRead(roomId, viewer),
  });
  const stack: Pick<ConformanceStack, "newRoom" | "setAccess" | "read"> = {
    newRoom: async (access = "allowed") => {
      rooms += 1;
      accesses.set(String(rooms), access);
      return conformanceChannels.room({ roomId: rooms });
    },
    setAccess: async ({ params }, access) => {
      accesses.set(params.roomId ?? "", access);
    },
    read: async ({ name, params }, viewer) =>
      mayRead(params.roomId ?? "", viewer) ? { revision: revisions.get(name) ?? 0 } : null,
  };
  const setRevision = ({ name }: Room, revision: number) => revisions.set(name, revision);
  return { authority, stack, setRevision };
}
