import type { OutgoingSignal } from "querycast";
import type { PoisonedSignals, RolloutView, SignalInspector } from "querycast/server";
import type { Transaction, Viewer } from "@/db/viewer.ts";
import type { Names } from "@/lib/names.ts";

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

/** What a verb for admins is handed, who look behind the site. Whoever makes it has checked the role. */
export interface OperatorContext {
  readonly viewer: Viewer & { readonly userId: string };
  /** What the log holds, what waits, and where one signal has been. */
  readonly signals: SignalInspector;
  /** What the broker refused, to be sent again or dropped; noted in the audit log with the act. */
  readonly poisoned: {
    readonly list: PoisonedSignals["list"];
    readonly retry: (position: string) => Promise<boolean>;
    readonly drop: (position: string) => Promise<boolean>;
  };
  /** How signals leave the site, and how that goes. */
  readonly delivery: () => Promise<DeliveryFacts>;
  /** What browsers have reported to this process: signals they heard, and reads they made for them. */
  readonly browserReports: () => Promise<{ readonly signals: number; readonly fetches: number }>;
  /** How far each kind and phase is rolled out now, on this process. */
  readonly stages: () => Promise<RolloutView["stages"]>;
  /**
   * Sockets on each channel that has any, by channel name, whatever it is called on the wire now; null
   * when the broker does not tell.
   */
  readonly audience: () => Promise<ReadonlyMap<string, number> | null>;
  /** What ids stand for, as the admin may read it: one statement for a page of rows. */
  readonly names: (ids: readonly string[]) => Promise<Names>;
  /** Whether a person may hear a channel now, and why. */
  readonly explainHearing: (asked: HearingQuestion) => Promise<HearingExplanation>;
}

/** Times are ISO 8601. */
export type DeliveryFacts =
  | {
      /** One relay gives all signals to a broker. */
      readonly mode: "broker";
      /** The process that leads, or led last; null when none has reported. */
      readonly leader: string | null;
      readonly leadingSince: string | null;
      /** Failures in a row, as the leader reported them. */
      readonly failures: number;
      readonly lastError: { readonly message: string; readonly at: string } | null;
      /** Since everything that was committed had been delivered; null: never. */
      readonly caughtUpMsAgo: number | null;
    }
  | {
      /** Every process follows the log and serves streams. Nothing is marked as delivered. */
      readonly mode: "sse";
      /** Of this process. */
      readonly streams: number;
      readonly subscriptions: number;
      /** Processes that follow the log. */
      readonly followers: number;
      /** Whether this process does. */
      readonly isFollowing: boolean;
      readonly caughtUpMsAgo: number | null;
      readonly lastError: string | null;
    }
  /** Pages work by fetching; nothing is delivered. */
  | { readonly mode: "pull" };

export interface HearingQuestion {
  readonly userId: string;
  /** Name of a channel, e.g. `resource.article.<id>`. */
  readonly channel: string;
}

/** One thing that was asked before a channel is joined. */
export interface HearingStep {
  readonly question: string;
  readonly answer: "yes" | "no" | "unavailable";
  /** What the answer rests on, in words, or as it stands in code or database. */
  readonly because: string;
}

export interface HearingExplanation {
  readonly decision: "allowed" | "denied" | "off" | "unavailable";
  /** In the order they are asked; the first no decides. */
  readonly steps: readonly HearingStep[];
  /** The policies of the database the rule's read runs under. */
  readonly policies: readonly {
    readonly table: string;
    readonly name: string;
    readonly using: string;
  }[];
}

/** The row a notification is about. Jobs are handed ids and read the rest themselves. */
export interface NotificationCause {
  readonly causeType: "comment" | "reaction";
  readonly causeId: string;
}
