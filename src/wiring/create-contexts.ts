import type { Publish } from "querycast/server";
import type { Database } from "@/db/database.ts";
import { toSql } from "@/db/to-sql.ts";
import type { Transaction, Viewer } from "@/db/viewer.ts";
import type { JobContext, ReadContext, WriteContext } from "@/features/context.ts";
import type { Bell } from "@/lib/bell.ts";
import { requestNotification } from "./job-requests.ts";

type Run<Context> = <Result>(verb: (context: Context) => Promise<Result>) => Promise<Result>;

export interface Contexts {
  /** What a viewer, or nobody, may read. */
  readonly read: (viewer: Viewer) => Run<ReadContext>;
  /** What changes, its signals and the jobs it asks for commit together or not at all. */
  readonly write: (viewer: WriteContext["viewer"]) => Run<WriteContext>;
  /** One transaction with the few rights of the worker role. */
  readonly job: Run<JobContext>;
}

export interface ContextsOptions {
  readonly database: Database;
  readonly publish: Publish;
  /** Rung after the commit of a transaction that asked for a job. */
  readonly jobBell: Bell;
}

/** Makes what verbs are handed. */
export function createContexts({ database, publish, jobBell }: ContextsOptions): Contexts {
  const publishIn =
    (tx: Transaction): WriteContext["publish"] =>
    (...signals) =>
      publish(signals, { tx: toSql(tx) });

  return {
    read: (viewer) => (verb) => database.readAs(viewer, (tx) => verb({ tx, viewer })),
    write: (viewer) => async (verb) => {
      let asked = false;
      const result = await database.writeAs(viewer, (tx) =>
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
      if (asked) jobBell.ring();
      return result;
    },
    job: (verb) => database.asWorker((tx) => verb({ tx, publish: publishIn(tx) })),
  };
}
