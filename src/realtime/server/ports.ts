import type { ChannelRef } from "../protocol/channel.ts";
import type { OutgoingSignal, Signal } from "../protocol/signal.ts";
import type { Viewer } from "./viewer.ts";

/**
 * A tagged template that runs one statement: `` sql`select ${x}` ``. postgres.js is one as it stands;
 * Drizzle, Prisma and pg need one line. Values are strings, numbers, booleans or null; lists travel as
 * JSON text. Column names in our statements are single words, which no driver's naming style changes.
 */
export type Sql = <Row>(
  text: TemplateStringsArray,
  ...values: readonly (string | number | boolean | null)[]
) => PromiseLike<readonly Row[]>;

/** A committed signal on its way to a broker, with the channel name and access epoch of the moment. */
export interface Delivery {
  readonly channel: string;
  readonly accessEpoch: number;
  readonly signal: Signal;
  /** Which row of the log it is, in the log's own words. Absent: a union of several. */
  readonly row?: string | undefined;
}

/** A row that the broker has refused for what is in it, for the last time. */
export interface PoisonedRow {
  readonly row: string;
  readonly reason: string;
  readonly attempts: number;
}

/** What the log answers about one channel. */
export type Since = (
  | { readonly status: "upToDate" }
  | { readonly status: "replay"; readonly signals: readonly Signal[] }
  | { readonly status: "gap" }
) & {
  readonly position: string;
  /**
   * Ids of the youngest signals on the channel as of the position, a handful: one of them went before
   * the first frame that whoever asks will hear.
   */
  readonly recent: readonly string[];
  readonly accessEpoch: number;
};

/** The durable side: outbox, replay source and audit in one. Implemented on Postgres by `log/`. */
export interface SignalLog {
  /** Writes signals in the caller's transaction: committed with it, or never seen by anyone. */
  append(tx: Sql, signals: readonly OutgoingSignal[], options?: AppendOptions): Promise<void>;
  /** What happened on each channel since a position of this log. A position of another log is a gap. */
  since(requests: readonly SinceRequest[]): Promise<ReadonlyMap<string, Since>>;
  /** The channels on which something was committed that a client does not have. Reads no signal. */
  behind(requests: readonly BehindRequest[]): Promise<ReadonlySet<string>>;
  /**
   * Milliseconds since a relay had last delivered everything that was committed, by the database's clock;
   * null when none ever had. Absent where signals are not delivered by one relay.
   */
  relayAgeMs?(): Promise<number | null>;
  /** Current access epochs; a channel nobody ever revoked has epoch 0. */
  accessEpochs(channels: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /**
   * Takes a right away, in the transaction that does so: from its commit on, no earlier signature for
   * the channel hears a signal. Whoever listens under the old name is told to join anew.
   */
  bumpAccessEpoch(tx: Sql, channel: ChannelRef): Promise<void>;
}

export interface SinceRequest {
  readonly channel: string;
  /** As the log gave it; null asks for a first one. */
  readonly position: string | null;
  /** Of more signals than this the answer is a gap. It can only be less than what the log replays. Default 500. */
  readonly replayAtMost?: number | undefined;
}

export interface BehindRequest {
  readonly channel: string;
  /** As the log gave it. Null, or of another log: the channel is behind. */
  readonly position: string | null;
  /** Id of a signal that was received after the position. If it is the youngest, nothing is missing. */
  readonly last?: string | undefined;
}

export interface AppendOptions {
  /** Publishing twice under one key publishes once, e.g. an Inngest step id. 1 to 256 bytes. */
  readonly idempotencyKey?: string;
  /** Of the mutation behind the signals: what `originOf` made of what the browser sent. */
  readonly origin?: string;
  /**
   * Id of the request or job that writes, for operators: kept in the log, and never sent. All that this
   * transaction writes from here on carries it, triggers included.
   */
  readonly correlation?: string;
}

/** The log as its one relay sees it. */
export interface RelayLog {
  /** Opens a database session of its own. Rejects when the database cannot be reached. */
  open(handlers: RelaySessionHandlers): Promise<RelaySession>;
}

export interface RelaySessionHandlers {
  /** A writer committed while the relay slept. A hint: it may be lost, and it may be one too many. */
  rang(): void;
  /** The connection is gone, and the lead with it. */
  closed(): void;
}

/** Everything that holds as long as one database connection: lead, doorbell, reading. */
export interface RelaySession {
  /** Takes the lead and says where the last leader stopped; `undefined` while another session leads. */
  lead(): Promise<string | undefined>;
  /**
   * Whether the place that was saved is of another log than this one: restored, cloned or promoted since.
   * True until a place of this log is saved.
   */
  isRestored(): Promise<boolean>;
  /** What was committed after `position`, in log order, one page of it. */
  read(position: string): Promise<LogPage>;
  /** The id of the youngest signal on each channel before `position`. */
  heads(position: string, channels: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Of each channel the youngest signal before `position`, where it is no older than this. */
  recent(position: string, maxAgeMs: number): Promise<readonly Delivery[]>;
  /** Keeps rows that will never be delivered where operators find them. Doing it twice is doing it once. */
  setAside(rows: readonly PoisonedRow[]): Promise<void>;
  /**
   * Remembers that all before `position` is delivered, and how its last page was; without a page only
   * the place.
   */
  save(position: string, page?: DeliveredPage): Promise<void>;
  /** Asks writers to ring from now on, for at most this long. */
  sleep(durationMs: number): Promise<void>;
  /** Tells writers not to ring. */
  wake(): Promise<void>;
  /** Notes that everything committed so far has been delivered, for `relayAgeMs`. */
  beat(): Promise<void>;
  /** Deletes what is delivered and older; resolves with the number of rows. */
  prune(maxAgeMs: number): Promise<number>;
  close(): Promise<void>;
}

/** How a page left, for those who look back. */
export interface DeliveredPage {
  /** The position it was read from. */
  readonly since: string;
  /** Rows of the log. */
  readonly signals: number;
  /** Of them those that were not sent, since their kind of channel is switched off. */
  readonly withheld: number;
  /** What the broker was given for the others. */
  readonly frames: number;
  /** Times it was read and given to the broker, until all was accepted. 1 when all is well. */
  readonly attempts: number;
  /** From its last reading to the broker's ok. */
  readonly tookMs: number;
  /**
   * Some of it waited for the limit of its channel, or left with what had waited: which signals travelled
   * together does not follow from the page. Default false.
   */
  readonly waited?: boolean;
}

export interface LogPage {
  readonly deliveries: readonly Delivery[];
  /** Age of the oldest row when it was read, by the database's own clock; 0 without rows. */
  readonly lagMs: number;
  readonly position: string;
  /** True when the page is full: read on at once. */
  readonly more: boolean;
  /** True when no transaction is left that may commit without ringing. Only ever true while asleep. */
  readonly quiet: boolean;
}

/** What lets sockets of one app in. */
export interface Signer {
  /** Signature that lets one socket, of this viewer where the broker can tell, join one channel. */
  signJoin(socketId: string, wireName: string, viewer: Viewer): Promise<string>;
  /** Signature that ties one socket to a user. */
  signUser(
    socketId: string,
    userId: string,
  ): Promise<{ readonly auth: string; readonly userData: string }>;
  /** Whether this app has signed a webhook. Absent: the broker sends none. */
  hasSigned?(body: string, signature: string): boolean;
}

/** The apps of a broker at one moment, by their public keys. */
export interface BrokerApps {
  /** The one browsers connect with now. One of `signers`. */
  readonly current: string;
  /** Of those whose sockets are served. */
  readonly signers: ReadonlyMap<string, Signer>;
}

/** A Pusher-protocol broker. Implemented by `transports/pusher/server.ts`. */
export interface Broker extends Signer {
  /**
   * Resolves when the broker has said that it accepted all; rejects otherwise, whatever the HTTP
   * status, and settles within seconds. Deliveries of one channel arrive in the order given, over
   * calls too. An error with `blame: "content"` says that one of the deliveries will never be taken.
   */
  publish(deliveries: readonly Delivery[]): Promise<void>;
  /**
   * What signs for a socket depends on the app it is connected with. Absent: no keys are told apart, and
   * the broker itself signs. Never rejects.
   */
  apps?(): Promise<BrokerApps>;
  /**
   * Ends the sockets that signed in as this user; those that may do so come back. Rejects when the
   * broker does not say that it did. No revocation rests on it: a hostile client does not sign in.
   */
  terminate(userId: string): Promise<void>;
  /** Called by the relay whenever it has published everything that was committed. */
  caughtUp?(): void;
  /**
   * Milliseconds since `caughtUp` was called, null if it never was, where each process serves its clients from
   * a relay of its own. Absent: the log knows.
   */
  relayAgeMs?(): Promise<number | null>;
  /**
   * How many subscriptions each wire name has now; names nobody is on are left out. Absent, or
   * rejecting, where the broker does not tell: crowds are then counted by their requests, and a log that
   * was restored is noticed by the next signal or catch-up.
   */
  audience?(): Promise<ReadonlyMap<string, number>>;
}

/** Time, as a parameter. */
export interface Clock {
  /** Milliseconds; only differences are used. */
  now(): number;
  /** Runs once, later. @returns cancels it */
  after(delayMs: number, run: () => void): () => void;
}
