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
  /** What somebody, or nobody, may write without a name: that a page was looked at. */
  readonly note: (viewer: Viewer) => Run<ReadContext>;
  /**
   * What changes, its signals and the jobs it asks for commit together or not at all.
   *
   * @param origin of the mutation behind it, see `originOf`
   */
  readonly write: (viewer: WriteContext["viewer"], origin?: string) => Run<WriteContext>;
  /** One transaction with the few rights of the worker role. */
  readonly job: Run<JobContext>;
}

export interface ContextsOptions {
  readonly database: Database;
  readonly publish: Publish;
  /** Rung after the commit of a transaction that asked for a job. */
  readonly jobBell: Bell;
  /** Told after the commit what was published by name: triggers publish besides. Default: nobody. */
  readonly onPublished?: (signals: readonly string[]) => void;
}

/** Makes what verbs are handed. */
export function createContexts(options: ContextsOptions): Contexts {
  const { database, publish, jobBell, onPublished = () => {} } = options;
  /** Publishes in a transaction, and notes what in `published`. */
  const publishIn =
    (tx: Transaction, published: string[], origin?: string): WriteContext["publish"] =>
    async (...signals) => {
      await publish(signals, { tx: toSql(tx), ...(origin !== undefined && { origin }) });
      published.push(...signals.map(({ channel, name }) => `${channel.name} ${name}`));
    };

  return {
    read: (viewer) => (verb) => database.readAs(viewer, (tx) => verb({ tx, viewer })),
    note: (viewer) => (verb) => database.writeAs(viewer, (tx) => verb({ tx, viewer })),
    write: (viewer, origin) => async (verb) => {
      let asked = false;
      const published: string[] = [];
      const result = await database.writeAs(viewer, (tx) =>
        verb({
          tx,
          viewer,
          publish: publishIn(tx, published, origin),
          requestNotification: async (cause) => {
            asked = true;
            await requestNotification(tx, cause);
          },
        }),
      );
      if (asked) jobBell.ring();
      if (published.length > 0) onPublished(published);
      return result;
    },
    job: async (verb) => {
      const published: string[] = [];
      const result = await database.asWorker((tx) =>
        verb({ tx, publish: publishIn(tx, published) }),
      );
      if (published.length > 0) onPublished(published);
      return result;
    },
  };
}
