import { type ChannelRef, type Contract, contract } from "../protocol/channel.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { isIdSpelling } from "../protocol/ids.ts";
import { limits } from "../protocol/limits.ts";
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
      assertToken("The origin of a signal", origin);
      assertToken("The correlation id of a signal", correlation);
      await log.append(tx, checked, {
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
        ...(origin === undefined ? {} : { origin }),
        ...(correlation === undefined ? {} : { correlation }),
      });
    },
  };
}

/** The log keeps these as they are: they are made by programs, and need no escape. */
function assertToken(what: string, value: string | undefined): void {
  if (value === undefined || isIdSpelling(value)) return;
  throw new ProtocolError(
    "invalid_signal",
    `${what} is not 1 to ${limits.idLength} characters of A-Z a-z 0-9 _ - = @ , ;.`,
  );
}
