import { originOf } from "querycast/server";
import { findRole } from "@/db/rows/find-role.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { log } from "@/lib/logging/log.ts";
import { singleton } from "@/lib/singleton.ts";
import { auth } from "./auth.ts";
import type { JobContext, ReadContext, WriteContext } from "./context-types.ts";
import { createContexts } from "./create-contexts.ts";
import { database } from "./database.ts";
import { jobWakeSignal } from "./job-requests.ts";
import { sendMessage } from "./realtime/ephemeral.ts";
import { publish, relay } from "./realtime/realtime.ts";
import { limits } from "./routes/limits.ts";

/** The contexts of actions and queries, for the current viewer. */
export const contexts = () =>
  singleton("contexts", () =>
    createContexts({
      database: database(),
      publish,
      jobWakeSignal: jobWakeSignal(),
      onPublished: (signals) => {
        relay()?.wake();
        // The log line has the correlation id that the rows of the signal log have.
        log.info("published", { signals });
      },
      sendMessage,
      onSendFailed: (error) => log.error("a message was refused", { error }),
    }),
  );

/** Runs a query as the current viewer, who may be signed out. */
export async function readAsViewer<Result>(
  action: (context: ReadContext) => Promise<Result>,
): Promise<Result> {
  return contexts().read(await auth().getViewer())(action);
}

/** Runs an anonymous write (such as counting a view) as the current viewer, who may be signed out. */
export async function noteAsViewer<Result>(
  action: (context: ReadContext) => Promise<Result>,
): Promise<Result> {
  return contexts().note(await auth().getViewer())(action);
}

/**
 * Runs an action as the signed-in viewer.
 *
 * @param origin the origin that `liveMutation` gave to the action, as the browser sent it
 * @throws {AppError} `unauthenticated` when signed out
 */
export async function writeAsViewer<Result>(
  action: (context: WriteContext) => Promise<Result>,
  origin?: unknown,
): Promise<Result> {
  const { userId, role, isNew } = await auth().getViewer();
  if (userId === null) throw new AppError("unauthenticated", "Sign in to do that.");
  await limits().write({ userId, isNew });
  return contexts().write({ userId, role }, await originOf(origin))(action);
}

/** Runs an action inside a job. */
export function runJob<Result>(action: (context: JobContext) => Promise<Result>): Promise<Result> {
  return contexts().job(action);
}

/**
 * Runs an action inside a job with the rights of the person who requested it.
 *
 * @throws {AppError} `not_found` when the account no longer exists
 */
export async function runJobAs<Result>(
  userId: string,
  action: (context: WriteContext) => Promise<Result>,
): Promise<Result> {
  const role = await contexts().job(({ tx }) => findRole(tx, userId));
  return contexts().write({ userId, role })(action);
}
