import { type ChannelRef, type Contract, contract } from "../protocol/channel.ts";
import { parseId } from "../protocol/ids.ts";
import { checkSignal, type OutgoingSignal } from "../protocol/signal.ts";
import type { AppendOptions, SignalLog, Sql } from "./ports.ts";

export interface PublisherOptions {
  /** The registry: nothing outside it leaves the server. */
  readonly channels: { readonly [contract]: Contract };
  readonly log: SignalLog;
}

export interface PublishOptions extends AppendOptions {
  /** The transaction that changes the data: the signal is committed with it, or never existed. */
  readonly tx: Sql;
}

/**
 * Publishes one signal or several. Resolves when they are written in the transaction; delivery is the
 * relay's business and starts with the commit.
 *
 * @throws {ProtocolError} when a signal is not of the contract; nothing is written then.
 */
export type Publish = (
  signals: OutgoingSignal | readonly OutgoingSignal[],
  options: PublishOptions,
) => Promise<void>;

/**
 * Takes rights to a channel away, in the transaction that ends them: from its commit on, what anyone
 * was ever given for the channel hears no signal of it. Whoever may still read is back within seconds
 * and misses nothing; whoever may not loses what was bound to the channel.
 *
 * @throws {ProtocolError} when the channel is not of the contract.
 */
export type Revoke = (channel: ChannelRef, options: { readonly tx: Sql }) => Promise<void>;

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
      if (origin !== undefined) parseId(origin, "The origin of a signal", "invalid_signal");
      if (correlation !== undefined) {
        parseId(correlation, "The correlation id of a signal", "invalid_signal");
      }
      await log.append(tx, checked, {
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
        ...(origin === undefined ? {} : { origin }),
        ...(correlation === undefined ? {} : { correlation }),
      });
    },
  };
}
