import type { ChannelRef } from "../protocol/channel.ts";
import type { EphemeralOptions } from "../protocol/ephemeral/options.ts";
import type { OutgoingSignal, Signal } from "../protocol/signal.ts";
import type { Viewer } from "./viewer.ts";

/**
 * A tagged template that runs one statement and resolves with its rows: `` sql`select ${x}` ``. postgres.js
 * matches as it is; Drizzle, Prisma and pg need one line. Values are strings, numbers, booleans or null, lists are
 * passed as JSON text. Column names are single words, so that a driver's naming option does not change them.
 */
export type Sql = <Row>(
  text: TemplateStringsArray,
  ...values: readonly (string | number | boolean | null)[]
) => PromiseLike<readonly Row[]>;

/** A committed signal to publish. */
export interface Delivery {
  readonly channel: string;
  /** Access epoch of the channel when the signal was read. */
  readonly accessEpoch: number;
  readonly signal: Signal;
  /** The log's id of the row. Absent in a frame that merges several rows. */
  readonly row?: string | undefined;
}

/** A row that the broker has refused for its content in every attempt. */
export interface PoisonedRow {
  /** See {@link Delivery.row}. */
  readonly row: string;
  /** Message of the broker's last error. */
  readonly reason: string;
  readonly attempts: number;
}

/** The log's answer about one channel. `gap`: the missed signals cannot be replayed, so refetch everything. */
export type Since = (
  | { readonly status: "upToDate" }
  | { readonly status: "replay"; readonly signals: readonly Signal[] }
  | { readonly status: "gap" }
) & {
  /** The position to ask from next time. */
  readonly position: string;
  /**
   * Ids of the newest signals on the channel at the position. One of them is the predecessor of the next frame,
   * by which the client verifies that it missed none in between.
   */
  readonly recent: readonly string[];
  readonly accessEpoch: number;
};

/** The durable log: outbox, source of replays and audit trail. Implemented on Postgres by `createSignalLog`. */
export interface SignalLog {
  /** Writes signals in the caller's transaction. They become visible when it commits. */
  append(tx: Sql, signals: readonly OutgoingSignal[], options?: AppendOptions): Promise<void>;
  /** Returns the signals of each channel after a position. A position of another log is a gap. */
  since(requests: readonly SinceRequest[]): Promise<ReadonlyMap<string, Since>>;
  /** Returns the channels with committed signals that a client has not received. Reads no signal. */
  behind(requests: readonly BehindRequest[]): Promise<ReadonlySet<string>>;
  /**
   * Milliseconds since a relay had delivered everything that was committed, by the database's clock; null when
   * none ever had. Absent where each process delivers its own signals.
   */
  relayAgeMs?(): Promise<number | null>;
  /** Returns the current access epoch of each channel; 0 before the first revocation. */
  accessEpochs(channels: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /**
   * Increments the access epoch in the transaction that revokes access. After its commit, signals go to a new wire
   * name, for which earlier signatures are not valid. Subscribers of the old name receive a notice to join again.
   */
  bumpAccessEpoch(tx: Sql, channel: ChannelRef): Promise<void>;
}

/** One channel of `SignalLog.since`. */
export interface SinceRequest {
  readonly channel: string;
  /** A position from an earlier answer; null returns the current position, as a gap. */
  readonly position: string | null;
  /** Maximum number of signals to replay; more are a gap. Can only lower the limit of the log. Default 500. */
  readonly replayAtMost?: number | undefined;
}

export interface BehindRequest {
  readonly channel: string;
  /** A position from an earlier answer. Null, or a position of another log: the channel is behind. */
  readonly position: string | null;
  /** Id of a signal that the client received after the position. If it is the newest, nothing is missing. */
  readonly last?: string | undefined;
}

/** Options of publishing signals. */
export interface AppendOptions {
  /** Deduplicates: a second publish with the same key writes nothing. E.g. an Inngest step id. 1 to 256 bytes. */
  readonly idempotencyKey?: string;
  /** Origin of the mutation: the result of `originOf` for the request of the browser. */
  readonly origin?: string;
  /**
   * Id of the request or job that writes, for operators. Stored in the log, never sent to clients. Also applies to
   * all signals that the transaction writes later, those of triggers included.
   */
  readonly correlation?: string;
}

/** The log as the relay uses it. Implemented on Postgres by `createRelayLog`. */
export interface RelayLog {
  /** Opens a dedicated database session. Rejects when the database cannot be reached. */
  open(handlers: RelaySessionHandlers): Promise<RelaySession>;
}

/** Callbacks of a {@link RelaySession}. */
export interface RelaySessionHandlers {
  /** A writer committed while the relay slept. A hint only: calls may be lost, or come without a new signal. */
  notified(): void;
  /** The connection was closed, which also released the lead. */
  closed(): void;
}

/** One database connection of a relay: it holds the lead, receives notifications and reads the log. */
export interface RelaySession {
  /** Takes the lead and returns the position saved by the last leader; `undefined` while another session leads. */
  lead(): Promise<string | undefined>;
  /**
   * Whether the saved position belongs to another log, because the database was restored, cloned or promoted.
   * True until a position of this log is saved.
   */
  isRestored(): Promise<boolean>;
  /** Reads one page of the signals committed after `position`, in log order. */
  read(position: string): Promise<LogPage>;
  /** Returns the id of the newest signal on each channel before `position`. */
  heads(position: string, channels: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Returns the newest signal of each channel before `position` that is at most this old. */
  recent(position: string, maxAgeMs: number): Promise<readonly Delivery[]>;
  /** Stores rows that will not be delivered, for operators. Idempotent. */
  setAside(rows: readonly PoisonedRow[]): Promise<void>;
  /** Saves that everything before `position` is delivered and, if given, the record of the last page. */
  save(position: string, page?: DeliveredPage): Promise<void>;
  /** Switches notifications by writers on, for at most this long. */
  sleep(durationMs: number): Promise<void>;
  /** Switches notifications by writers off. */
  wake(): Promise<void>;
  /** Heartbeat: records that everything committed so far has been delivered, for `relayAgeMs`. */
  beat(): Promise<void>;
  /** Deletes delivered signals that are older. @returns the number of rows */
  prune(maxAgeMs: number): Promise<number>;
  close(): Promise<void>;
}

/** How a page was delivered, for the signal inspector. */
export interface DeliveredPage {
  /** The position before the page. */
  readonly since: string;
  /** Rows of the log. */
  readonly signals: number;
  /** Rows not published because their kind or phase is switched off. */
  readonly withheld: number;
  /** Frames published for the other rows. */
  readonly frames: number;
  /** How often the page was read and published until the broker accepted all of it; 1 without failures. */
  readonly attempts: number;
  /** Milliseconds from the last read of the page to the broker's acceptance. */
  readonly tookMs: number;
  /**
   * True when signals waited for the limit of their channel. The page then does not show which signals were merged
   * into one frame. Default false.
   */
  readonly waited?: boolean;
}

/** A page of the log. */
export interface LogPage {
  readonly deliveries: readonly Delivery[];
  /** Age of the oldest row when it was read, by the database's clock; 0 without rows. */
  readonly lagMs: number;
  /** The position after the page. */
  readonly position: string;
  /** True when the page is full, so that more rows may follow. */
  readonly more: boolean;
  /** True when every open transaction will send a notification when it commits. Always false before `sleep`. */
  readonly quiet: boolean;
}

/** Signs for the sockets of one app. */
export interface Signer {
  /**
   * Signs that a socket may join a channel. The viewer is for brokers that also check whose socket it is; the
   * Pusher protocol does not.
   */
  signJoin(socketId: string, wireName: string, viewer: Viewer): Promise<string>;
  /** Signs that a socket belongs to a user. */
  signUser(
    socketId: string,
    userId: string,
  ): Promise<{ readonly auth: string; readonly userData: string }>;
  /** Verifies the signature of a webhook. Absent when the broker sends none. */
  hasSigned?(body: string, signature: string): boolean;
}

/** The apps that a broker serves now. */
export interface BrokerApps {
  /** Key that browsers connect with now. One of `signers`. */
  readonly current: string;
  /** The signer of each served app by its public key. */
  readonly signers: ReadonlyMap<string, Signer>;
}

/** A message of an ephemeral channel to deliver. */
export interface MessageDelivery {
  readonly channel: string;
  readonly accessEpoch: number;
  /** The encoded frame. */
  readonly data: string;
  /** Time in ms for which the message is valid. */
  readonly leftMs: number;
  /** The queue of each subscriber. */
  readonly options: Pick<EphemeralOptions, "bufferSize" | "onFull">;
}

/** A broker. Implemented by `createPusherBroker`, `createBrokerGroup` and the SSE hub. */
export interface Broker extends Signer {
  /**
   * Resolves when the broker has confirmed that it accepted all deliveries, rejects otherwise, and settles within
   * seconds. Deliveries of one channel arrive in the order given, also across calls. An error with
   * `blame: "content"` means that the broker will never accept one of the deliveries.
   */
  publish(deliveries: readonly Delivery[]): Promise<void>;
  /** Most ids of one merged signal; a signal with more has none. Default: as many as fit into a frame. */
  readonly idsPerSignal?: number;
  /**
   * Returns the served apps and their signers. Absent: the broker has one app and signs itself. Never rejects.
   */
  apps?(): Promise<BrokerApps>;
  /**
   * Closes the sockets that signed in as this user; clients reconnect. Rejects when the broker does not confirm.
   * Revocation does not depend on it, since a hostile client does not sign in.
   */
  terminate(userId: string): Promise<void>;
  /**
   * Delivers a message of an ephemeral channel to the current subscribers, once and without a guarantee. Messages of one
   * channel arrive in the order given. Rejects when the broker does not accept it.
   */
  sendMessage?(message: MessageDelivery): Promise<void>;
  /** True: its connections are streams of the site itself, without a broker. */
  readonly isHub?: boolean;
  /** Called by the relay each time it has published everything that was committed. */
  caughtUp?(): void;
  /**
   * Milliseconds since `caughtUp` was called, null if it never was. Present where each process serves its clients
   * from its own relay. Absent: `SignalLog.relayAgeMs` is used.
   */
  relayAgeMs?(): Promise<number | null>;
  /**
   * Returns the current number of subscriptions of each wire name that has any. Absent, or rejecting, where the
   * broker cannot count. Reconnections are then spread by counted requests, and clients detect a restored log by
   * the next signal or catch-up.
   */
  countSubscriptions?(): Promise<ReadonlyMap<string, number>>;
}
