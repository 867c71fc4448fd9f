import type { OutgoingSignal } from "querycast";
import { toSql } from "@/db/to-sql.ts";
import type { Transaction } from "@/db/viewer.ts";
import type { JobContext, ReadContext, WriteContext } from "@/features/context.ts";
import { AppError } from "@/lib/app-error.ts";
import { auth } from "./auth.ts";
import { database } from "./database.ts";
import { jobBell, requestNotification } from "./job-requests.ts";
import { publish } from "./realtime.ts";

/** Runs a verb that reads, as whoever is signed in, or as nobody. */
export async function readAsViewer<Result>(
  verb: (context: ReadContext) => Promise<Result>,
): Promise<Result> {
  const viewer = await auth().getViewer();
  return database().readAs(viewer, (tx) => verb({ tx, viewer }));
}

/**
 * Runs a verb that writes. What it changes, its signals and the jobs it asks for commit together.
 *
 * @throws {AppError} `unauthenticated` when nobody is signed in.
 */
export async function writeAsViewer<Result>(
  verb: (context: WriteContext) => Promise<Result>,
): Promise<Result> {
  const { userId, role } = await auth().getViewer();
  if (userId === null) throw new AppError("unauthenticated", "Sign in to do that.");
  const viewer = { userId, role };
  let asked = false;
  const result = await database().writeAs(viewer, (tx) =>
    verb({
      tx,
      viewer,
      publish: publishIn(tx),
      requestNotification: async (cause) => {
        asked = true;
        await requestNotification(tx, cause);
      },
    }),
  );
  if (asked) jobBell().ring();
  return result;
}

/** Runs a verb inside a job, in one transaction with the rights of the worker role. */
export function runJob<Result>(verb: (context: JobContext) => Promise<Result>): Promise<Result> {
  return database().asWorker((tx) => verb({ tx, publish: publishIn(tx) }));
}

const publishIn =
  (tx: Transaction) =>
  (...signals: readonly OutgoingSignal[]): Promise<void> =>
    publish(signals, { tx: toSql(tx) });
