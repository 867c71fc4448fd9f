import { originOf } from "querycast/server";
import type { JobContext, ReadContext, WriteContext } from "@/features/context.ts";
import { AppError } from "@/lib/app-error.ts";
import { log } from "@/lib/log.ts";
import { singleton } from "@/lib/singleton.ts";
import { auth } from "./auth.ts";
import { createContexts } from "./create-contexts.ts";
import { database } from "./database.ts";
import { jobBell } from "./job-requests.ts";
import { limits } from "./limits.ts";
import { publish, relay } from "./realtime.ts";

/** What verbs are handed, for whoever is asking. */
export const contexts = () =>
  singleton("contexts", () =>
    createContexts({
      database: database(),
      publish,
      jobBell: jobBell(),
      onPublished: (signals) => {
        relay()?.ring();
        // The line carries the id that the rows of the log do.
        log.info("published", { signals });
      },
    }),
  );

/** Runs a verb that reads, as whoever is signed in, or as nobody. */
export async function readAsViewer<Result>(
  verb: (context: ReadContext) => Promise<Result>,
): Promise<Result> {
  return contexts().read(await auth().getViewer())(verb);
}

/** Runs a verb that writes without a name, as whoever is signed in, or as nobody. */
export async function noteAsViewer<Result>(
  verb: (context: ReadContext) => Promise<Result>,
): Promise<Result> {
  return contexts().note(await auth().getViewer())(verb);
}

/**
 * Runs a verb that writes, as whoever is signed in.
 *
 * @param origin what `liveMutation` handed to the action, as the browser sent it
 * @throws {AppError} `unauthenticated` when nobody is
 */
export async function writeAsViewer<Result>(
  verb: (context: WriteContext) => Promise<Result>,
  origin?: unknown,
): Promise<Result> {
  const { userId, role, isNew } = await auth().getViewer();
  if (userId === null) throw new AppError("unauthenticated", "Sign in to do that.");
  await limits().write({ userId, isNew });
  return contexts().write({ userId, role }, await originOf(origin))(verb);
}

/** Runs a verb inside a job. */
export function runJob<Result>(verb: (context: JobContext) => Promise<Result>): Promise<Result> {
  return contexts().job(verb);
}
