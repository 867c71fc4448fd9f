import type { OutgoingSignal } from "querycast";
import type { Transaction, Viewer } from "@/db/viewer.ts";

/** What a verb that only reads is handed: a transaction that sees what the viewer may see. */
export interface ReadContext {
  readonly tx: Transaction;
  readonly viewer: Viewer;
}

/** What a verb that writes is handed. All three commit together or not at all. */
export interface WriteContext extends ReadContext {
  readonly viewer: Viewer & { readonly userId: string };
  readonly publish: (...signals: readonly OutgoingSignal[]) => Promise<void>;
  /** Asks for the notification about a comment or a reaction; a job writes it after the commit. */
  readonly requestNotification: (cause: NotificationCause) => Promise<void>;
}

/** What a verb inside a job is handed: no viewer, and the few rights of the worker role. */
export interface JobContext {
  readonly tx: Transaction;
  readonly publish: (...signals: readonly OutgoingSignal[]) => Promise<void>;
}

/** The row a notification is about. Jobs are handed ids and read the rest themselves. */
export interface NotificationCause {
  readonly causeType: "comment" | "reaction";
  readonly causeId: string;
}
