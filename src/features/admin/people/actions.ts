"use server";

import { assertAdmin } from "@/auth/assert-admin.ts";
import type { ActionResult } from "@/lib/errors/action-result.ts";
import type { PageStamp } from "@/lib/pages/page-viewer.ts";
import { writeAsViewer } from "@/wiring/context.ts";
import { endConnections } from "@/wiring/realtime/broker/broker.ts";
import { runAction } from "@/wiring/routes/run-action.ts";
import { banUser } from "./ban-user.ts";
import { changeRole } from "./change-role.ts";
import { endSessions } from "./end-sessions.ts";
import { liftBan } from "./lift-ban.ts";
import {
  type BanUserInput,
  banUserInput,
  type ChangeRoleInput,
  changeRoleInput,
  type PersonInput,
  personInput,
} from "./schema.ts";

export async function banUserAction(
  stamp: PageStamp,
  input: BanUserInput,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = banUserInput.parse(input);
    await writeAsViewer((ctx) => banUser(ctx, parsed));
    // Channel access ended with the commit. This closes the sockets.
    endConnections(parsed.userId);
  });
}

export async function changeRoleAction(
  stamp: PageStamp,
  input: ChangeRoleInput,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = changeRoleInput.parse(input);
    await writeAsViewer((ctx) => changeRole(ctx, parsed));
  });
}

export async function liftBanAction(
  stamp: PageStamp,
  input: PersonInput,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const parsed = personInput.parse(input);
    await writeAsViewer((ctx) => liftBan(ctx, parsed));
  });
}

export async function endSessionsAction(
  stamp: PageStamp,
  input: PersonInput,
): Promise<ActionResult<number>> {
  return runAction(stamp, async () => {
    const parsed = personInput.parse(input);
    const ended = await writeAsViewer((ctx) => endSessions(ctx, parsed));
    endConnections(parsed.userId);
    return ended;
  });
}

/** Closes a person's sockets and keeps their sessions: open pages reconnect and are checked again. */
export async function endConnectionsAction(
  stamp: PageStamp,
  input: PersonInput,
): Promise<ActionResult<void>> {
  return runAction(stamp, async () => {
    const { userId } = personInput.parse(input);
    await writeAsViewer(async ({ viewer, noteAct }) => {
      assertAdmin(viewer);
      const subject = `user ${userId}`;
      await noteAct({ action: "connections.ended", subject });
    });
    endConnections(userId);
  });
}
