import type { EphemeralRef, OutgoingMessage, OutgoingSignal } from "querycast";
import type { PoisonedSignals, RolloutView, SignalInspector } from "querycast/server";
import type { AuditNote } from "@/db/rows/note-audit.ts";
import type { Transaction, Viewer } from "@/db/viewer.ts";
import type { Names } from "@/lib/text/names.ts";
import type { JobEventData } from "./job-events.ts";

/** Context of queries: a transaction with the rights of the viewer. */
export interface ReadContext {
  readonly tx: Transaction;
  readonly viewer: Viewer;
}

/** Sends a message on an ephemeral channel after the commit. A failure is logged, and the message is lost. */
export type SendAfterCommit = <Messages>(
  ref: EphemeralRef<string, Messages>,
  message: OutgoingMessage<NoInfer<Messages>>,
) => void;

/** Context of actions. Changes, signals and job requests commit together. */
export interface WriteContext extends ReadContext {
  readonly viewer: Viewer & { readonly userId: string };
  readonly publish: (...signals: readonly OutgoingSignal[]) => Promise<void>;
  readonly send: SendAfterCommit;
  /** Requests the notifications for a cause. A job writes them after the commit. */
  readonly requestNotification: (cause: NotificationCause) => Promise<void>;
  /** Records an act of an admin in the audit log and in the activity of the console. */
  readonly noteAct: (note: Omit<AuditNote, "actorId">) => Promise<void>;
  /** Requests the work of an import. A job does it after the commit. */
  readonly requestImport: (importId: string) => Promise<void>;
  /** Requests the e-mail of an invitation. A job sends it after the commit. */
  readonly requestInvitationMail: (invitationId: string) => Promise<void>;
  /** Requests an answer of the analyst to a message of a chat. A job writes it after the commit. */
  readonly requestAnswer: (messageId: string) => Promise<void>;
}

/** Context of jobs: no viewer, and the rights of the worker role. */
export interface JobContext {
  readonly tx: Transaction;
  readonly publish: (...signals: readonly OutgoingSignal[]) => Promise<void>;
  readonly send: SendAfterCommit;
  /** Requests the notifications for a cause. Another job writes them after the commit. */
  readonly requestNotification: (cause: NotificationCause) => Promise<void>;
}

/** Runs an action of a job in a transaction of its own. */
export type RunJob = <Result>(action: (context: JobContext) => Promise<Result>) => Promise<Result>;

/** Context of the admin console. Its creator has checked the role. */
export interface OperatorContext {
  readonly viewer: Viewer & { readonly userId: string };
  /** Contents of the log, backlog, and the trace of a signal. */
  readonly signals: SignalInspector;
  /** Failed signals, to retry or drop; recorded in the audit log in the same transaction. */
  readonly poisoned: {
    readonly list: PoisonedSignals["list"];
    readonly retry: (position: string) => Promise<boolean>;
    readonly drop: (position: string) => Promise<boolean>;
  };
  /** How signals are delivered, with figures. */
  readonly delivery: () => Promise<DeliveryFacts>;
  /** Received signals and refetches that browsers have reported to this process. */
  readonly browserReports: () => Promise<{ readonly signals: number; readonly fetches: number }>;
  /** Current rollout of each kind and phase in this process. */
  readonly stages: () => Promise<RolloutView["stages"]>;
  /** Subscriptions by channel, summed over wire names; null when the broker does not report them. */
  readonly countSubscriptions: () => Promise<ReadonlyMap<string, number> | null>;
  /** Streams serve the pages, so that `countSubscriptions` counts those of this process alone. */
  readonly countsOneProcess: boolean;
  /** Names of ids, as the admin may read them, in one statement for a page of rows. */
  readonly names: (ids: readonly string[]) => Promise<Names>;
  /** Whether a person may receive a channel now, and why. */
  readonly explainAccess: (asked: AccessQuestion) => Promise<AccessExplanation>;
}

/** Times are ISO 8601. */
export type DeliveryFacts =
  | {
      /** One relay publishes all signals to a broker. */
      readonly mode: "broker";
      /** The current or last leading process; null when none has reported. */
      readonly leader: string | null;
      readonly leadingSince: string | null;
      /** Consecutive failures, as the leader reported them. */
      readonly failures: number;
      readonly lastError: { readonly message: string; readonly at: string } | null;
      /** Milliseconds since the backlog was empty; null if it never was. */
      readonly caughtUpMsAgo: number | null;
    }
  | {
      /** Every process follows the log while it has streams. Signals are not marked as delivered. */
      readonly mode: "sse";
      /** Open streams of this process. */
      readonly streams: number;
      readonly subscriptions: number;
      /** Processes that follow the log. */
      readonly followers: number;
      /** Whether this process follows the log. */
      readonly isFollowing: boolean;
      readonly caughtUpMsAgo: number | null;
      readonly lastError: string | null;
    }
  /** Pages update by fetching; signals are not delivered. */
  | { readonly mode: "pull" };

export interface AccessQuestion {
  readonly userId: string;
  /** Name of a channel, e.g. `resource.article.<id>`. */
  readonly channel: string;
}

/** One step of the check before a channel is joined. */
export interface AccessStep {
  readonly question: string;
  readonly answer: "yes" | "no" | "unavailable";
  /** The reason: in words, or quoted from the code or the database. */
  readonly because: string;
}

export interface AccessExplanation {
  readonly decision: "allowed" | "denied" | "off" | "unavailable";
  /** In the order of the check, up to the one that decides. A person who is not signed in is denied. */
  readonly steps: readonly AccessStep[];
  /** The row-level policies that apply to the read of the rule. */
  readonly policies: readonly {
    readonly table: string;
    readonly name: string;
    readonly using: string;
  }[];
}

/** The row that a notification is about. Jobs receive ids and read the rest. */
export type NotificationCause = Readonly<JobEventData<"app/notification.requested">>;
