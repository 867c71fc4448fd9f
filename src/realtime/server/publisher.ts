import { type ChannelRef, type Contract, contract } from "../protocol/channel.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { isIdSpelling } from "../protocol/ids.ts";
import { limits } from "../protocol/limits.ts";
import { checkSignal, type OutgoingSignal } from "../protocol/signal.ts";
import type { AppendOptions, SignalLog, Sql } from "./ports.ts";

/** Options of {@link createPublisher}. */
export interface PublisherOptions {
  /** The result of `defineChannels`. Signals outside it cannot be published. */
  readonly channels: { readonly [contract]: Contract };
  readonly log: SignalLog;
}

/** Options of {@link Publish}. */
export interface PublishOptions extends AppendOptions {
  /** The transaction that changes the data. The signals are committed or rolled back with it. */
  readonly tx: Sql;
}

/**
 * Publishes one or more signals. Resolves when they are written in the transaction; the relay delivers them after
 * the commit.
 *
 * @throws {ProtocolError} when a signal does not match the contract, or `origin` or `correlation` is not 1 to 64
 * characters of `A-Za-z0-9_-=@,;`. Nothing is written then.
 */
export type Publish = (
  signals: OutgoingSignal | readonly OutgoingSignal[],
  options: PublishOptions,
) => Promise<void>;

/**
 * Revokes access to a channel, in the transaction that changes the rights. After its commit no earlier signature
 * receives signals of the channel. Clients that may still read join again within seconds and catch up; for the
 * others, the queries bound to the channel are purged.
 *
 * @throws {ProtocolError} when the channel is not in the contract.
 */
export type Revoke = (channel: ChannelRef, options: { readonly tx: Sql }) => Promise<void>;

/**
 * Creates `publish` and `revoke` for the channels of a contract.
 *
 * ```ts
 * const { publish, revoke } = createPublisher({ channels, log: createSignalLog({ sql }) });
 * await sql.begin(async (tx) => {
 *   await tx`insert into comments …`;
 *   await publish(signal(channels.page({ pageId }), "comment.added"), { tx });
 * });
 * ```
 */
export function createPublisher({ channels, log }: PublisherOptions): {
  readonly publish: Publish;
  readonly revoke: Revoke;
} {
  return {
    revoke: ({ kind, params }, { tx }) =>
      log.bumpAccessEpoch(tx, channels[contract].refer(kind, params)),
    publish: async (signals, { tx, idempotencyKey, origin, correlation }) => {
      const list = "channel" in signals ? [signals] : signals;
      const checked = list.map((each) => checkSignal(channels[contract], each));
      assertToken("Origin", origin);
      assertToken("Correlation id", correlation);
      await log.append(tx, checked, {
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
        ...(origin === undefined ? {} : { origin }),
        ...(correlation === undefined ? {} : { correlation }),
      });
    },
  };
}

/** Programs make these tokens, so the log stores them without escaping. */
function assertToken(what: string, value: string | undefined): void {
  if (value === undefined || isIdSpelling(value)) return;
  throw new ProtocolError(
    "invalid_signal",
    `${what} must be 1 to ${limits.idLength} characters of A-Z a-z 0-9 _ - = @ , ; and nothing else.`,
  );
}
