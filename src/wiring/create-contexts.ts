import type { Ephemeral, Publish } from "querycast/server";
import { toSql } from "@/db/connection/to-sql.ts";
import type { Database } from "@/db/database.ts";
import type { Transaction, Viewer } from "@/db/viewer.ts";
import type { WakeSignal } from "@/lib/wake-signal.ts";
import type { JobContext, ReadContext, SendAfterCommit, WriteContext } from "./context-types.ts";
import {
  requestAnswer,
  requestImport,
  requestInvitationMail,
  requestNotification,
} from "./job-requests.ts";
import { noteAct } from "./note-act.ts";

type Run<Context> = <Result>(action: (context: Context) => Promise<Result>) => Promise<Result>;

export interface Contexts {
  /** Reads as a viewer, who may be signed out. */
  readonly read: (viewer: Viewer) => Run<ReadContext>;
  /** Anonymous writes of a viewer, who may be signed out: counting a view. */
  readonly note: (viewer: Viewer) => Run<ReadContext>;
  /**
   * Writes as a signed-in viewer. The changes, their signals and the job requests commit together.
   *
   * @param origin origin of the mutation, see `originOf`
   */
  readonly write: (viewer: WriteContext["viewer"], origin?: string) => Run<WriteContext>;
  /** A transaction with the rights of the worker role. */
  readonly job: Run<JobContext>;
}

export interface ContextsOptions {
  readonly database: Database;
  readonly publish: Publish;
  /** Signalled after the commit of a transaction that requested a job. */
  readonly jobWakeSignal: WakeSignal;
  /**
   * Called after the commit with the names of the published signals, without those that triggers published.
   * Default: none.
   */
  readonly onPublished?: (signals: readonly string[]) => void;
  /** Sends the messages of a transaction after its commit. Default: they are dropped. */
  readonly sendMessage?: Ephemeral["send"];
  /** Receives the errors of `sendMessage`. Default: ignored. */
  readonly onSendFailed?: (error: unknown) => void;
}

/** Creates the contexts of actions and queries. */
export function createContexts(options: ContextsOptions): Contexts {
  const { database, publish, jobWakeSignal, onPublished = () => {} } = options;
  const { sendMessage = async () => {}, onSendFailed = () => {} } = options;
  /** Messages of one transaction. `send` is the one of its context. */
  const collectMessages = () => {
    const messages: (() => Promise<void>)[] = [];
    const send: SendAfterCommit = (...message) => messages.push(() => sendMessage(...message));
    // In the order of `send`. The caller does not wait for the broker.
    const sendAll = async () => {
      for (const sendOne of messages) await sendOne().catch(onSendFailed);
    };
    return { send, sendAll: () => void sendAll() };
  };
  /** Publishes in a transaction, and adds the names to `published`. */
  const publishIn =
    (tx: Transaction, published: string[], origin?: string): WriteContext["publish"] =>
    async (...signals) => {
      await publish(signals, { tx: toSql(tx), ...(origin !== undefined && { origin }) });
      published.push(...signals.map(({ channel, name }) => `${channel.name} ${name}`));
    };

  return {
    read: (viewer) => (action) => database.readAs(viewer, (tx) => action({ tx, viewer })),
    note: (viewer) => (action) => database.writeAs(viewer, (tx) => action({ tx, viewer })),
    write: (viewer, origin) => async (action) => {
      let asked = false;
      const published: string[] = [];
      const messages = collectMessages();
      const result = await database.writeAs(
        viewer,
        (tx) =>
          action({
            tx,
            viewer,
            publish: publishIn(tx, published, origin),
            send: messages.send,
            requestNotification: async (cause) => {
              asked = true;
              await requestNotification(tx, cause);
            },
            requestAnswer: async (messageId) => {
              asked = true;
              await requestAnswer(tx, messageId);
            },
            requestInvitationMail: async (invitationId) => {
              asked = true;
              await requestInvitationMail(tx, invitationId);
            },
            noteAct: (note) =>
              noteAct({ tx, send: messages.send }, { ...note, actorId: viewer.userId }),
            requestImport: async (importId) => {
              asked = true;
              await requestImport(tx, importId);
            },
          }),
        origin,
      );
      if (asked) jobWakeSignal.notify();
      if (published.length > 0) onPublished(published);
      messages.sendAll();
      return result;
    },
    job: async (action) => {
      let asked = false;
      const published: string[] = [];
      const messages = collectMessages();
      const result = await database.asWorker((tx) =>
        action({
          tx,
          publish: publishIn(tx, published),
          send: messages.send,
          requestNotification: async (cause) => {
            asked = true;
            await requestNotification(tx, cause);
          },
        }),
      );
      if (asked) jobWakeSignal.notify();
      if (published.length > 0) onPublished(published);
      messages.sendAll();
      return result;
    },
  };
}
