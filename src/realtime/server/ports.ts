import type { OutgoingSignal, Signal } from "../protocol/signal.ts";

/**
 * A tagged template that runs one statement: `` sql`select ${x}` ``. postgres.js is one as it stands;
 * Drizzle, Prisma and pg need one line. Values are strings, numbers, booleans or null; lists travel as
 * JSON text.
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
}

/** What the log answers about one channel. */
export type Since =
  | { readonly status: "upToDate"; readonly position: string }
  | { readonly status: "replay"; readonly position: string; readonly signals: readonly Signal[] }
  | { readonly status: "gap"; readonly position: string };

/** The durable side: outbox, replay source and audit in one. Implemented on Postgres by `log/`. */
export interface SignalLog {
  /** Writes signals in the caller's transaction: committed with it, or never seen by anyone. */
  append(tx: Sql, signals: readonly OutgoingSignal[], options?: AppendOptions): Promise<void>;
  /** What happened on each channel since a position of this log. A position of another log is a gap. */
  since(
    requests: readonly { channel: string; position: string | null }[],
  ): Promise<ReadonlyMap<string, Since>>;
  /** Current access epochs; a channel nobody ever revoked has epoch 0. */
  accessEpochs(channels: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

export interface AppendOptions {
  /** Publishing twice under one key publishes once, e.g. an Inngest step id. */
  readonly idempotencyKey?: string;
  /** Id of the mutation behind the signals. */
  readonly origin?: string;
}

/** A Pusher-protocol broker. Implemented by `transports/pusher/server.ts`. */
export interface Broker {
  /** Resolves when the broker has said that it accepted all; rejects otherwise, whatever the HTTP status. */
  publish(
    deliveries: readonly Delivery[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<void>;
  /** Signature that lets one socket join one channel. */
  signJoin(socketId: string, wireName: string): Promise<string>;
  /** Signature that ties one socket to a user. */
  signUser(
    socketId: string,
    userId: string,
  ): Promise<{ readonly auth: string; readonly userData: string }>;
}
