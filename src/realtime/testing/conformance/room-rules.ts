import { authorize } from "../../server/route/rules.ts";
import { type Access, type ConformanceStack, conformanceChannels } from "./stack.ts";

/**
 * Makes access rules in memory for a stack without a database. Returns the authority for the server, and
 * `newRoom` and `setAccess` for the stack.
 */
export function createRoomRules() {
  const accesses = new Map<string, Access>();
  let rooms = 0;
  const authority = authorize(conformanceChannels, {
    room: ({ roomId }) => {
      const access = accesses.get(roomId) ?? "denied";
      if (access === "unavailable")
        throw new Error("The rule fails, because the room is unavailable.");
      return access === "allowed";
    },
  });
  const stack: Pick<ConformanceStack, "newRoom" | "setAccess"> = {
    newRoom: async (access = "allowed") => {
      rooms += 1;
      accesses.set(String(rooms), access);
      return conformanceChannels.room({ roomId: rooms });
    },
    setAccess: async ({ params }, access) => {
      accesses.set(params.roomId ?? "", access);
    },
  };
  return { authority, stack };
}
