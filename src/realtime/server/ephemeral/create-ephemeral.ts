import { randomUUID } from "node:crypto";
import { type Contract, contract } from "../../protocol/channel.ts";
import { type Clock, monotonicClock } from "../../protocol/clock.ts";
import type { EphemeralRef } from "../../protocol/ephemeral/definition.ts";
import type {
  MessageFrame,
  OutgoingMessage,
  ReplayedMessage,
} from "../../protocol/ephemeral/message.ts";
import type { EphemeralOptions } from "../../protocol/ephemeral/options.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import { observer } from "../observer.ts";
import type { Broker, SignalLog } from "../ports.ts";
import { assertMessageSize, checkMessage, type UncheckedMessage } from "./check-message.ts";
import { createMessageRing, type MessageRing } from "./message-ring.ts";

/** Options of {@link createEphemeral}. */
export interface CreateEphemeralOptions {
  /** The result of `defineChannels`. */
  readonly channels: { readonly [contract]: Contract };
  /** Supplies the access epochs, so that a viewer who lost access receives no message sent afterwards. */
  readonly log: Pick<SignalLog, "accessEpochs">;
  /** Delivers the messages: the hub of this process, or a broker. Null: they are only kept for replay. */
  readonly broker: Pick<Broker, "sendMessage"> | null;
  /** Receives errors of the broker and the log. Messages are then not delivered. Default: ignored. */
  readonly onError?: (error: unknown) => void;
  /** Default: a monotonic clock. */
  readonly clock?: Clock;
  /** Milliseconds since 1970, for `sentAtMs`. Default `Date.now`. */
  readonly now?: () => number;
}

/** Sends messages on ephemeral channels, and keeps the last ones in memory. Made by {@link createEphemeral}. */
export interface Ephemeral {
  /**
   * Sends a message. Resolves when delivery was attempted. A failed delivery does not reject: the message is lost for
   * current subscribers, and stays in the replay.
   *
   * ```ts
   * await ephemeral.send(channels.import({ importId }), { type: "import.progress", fields: { done: 3 } });
   * ```
   *
   * @throws {ProtocolError} when the message does not match the contract or has more than 1,024 bytes.
   */
  send<Messages>(
    ref: EphemeralRef<string, Messages>,
    message: OutgoingMessage<NoInfer<Messages>>,
  ): Promise<void>;
  /** The messages of a channel that its options replay to a new subscriber, oldest first. */
  replay(channel: string): readonly ReplayedMessage[];
  /** Returns the number of channels with messages in memory. */
  size(): number;
  /** Forgets all messages and stops the timer that removes expired ones. */
  close(): void;
}

interface Pending {
  readonly data: string;
  readonly options: EphemeralOptions;
  readonly sentAtMs: number;
}

/** Channels in memory at most. The channel that was made first is removed. */
const mostChannels = 10_000;
const sweepMs = 10_000;

/**
 * Creates the ephemeral channels of this process, for one app at the broker. A channel is made by its first message,
 * and is gone with the process. Processes share nothing: over a broker all subscribers receive a message live, and
 * only the process that sent it can replay it.
 */
export function createEphemeral(options: CreateEphemeralOptions): Ephemeral {
  const { channels, log, broker } = options;
  const onError = observer(options.onError);
  const { clock = monotonicClock, now = Date.now } = options;
  const from = randomUUID();
  const rings = new Map<string, MessageRing>();
  /** Messages that wait for the access epoch of their channel. */
  const pending = new Map<string, Pending[]>();
  /** One counter for all channels: a ring that was removed and made again continues upwards. */
  let sent = 0;
  let cancelSweep: (() => void) | undefined;

  const sweep = () => {
    cancelSweep = undefined;
    for (const [channel, ring] of rings) if (ring.isExpired()) rings.delete(channel);
    planSweep();
  };
  const planSweep = () => {
    if (rings.size > 0) cancelSweep ??= clock.after(sweepMs, sweep);
  };

  const ringOf = (channel: string, kind: EphemeralOptions): MessageRing => {
    const known = rings.get(channel);
    if (known !== undefined) return known;
    const [first] = rings.keys();
    if (rings.size >= mostChannels && first !== undefined) rings.delete(first);
    const ring = createMessageRing(kind, clock.now);
    rings.set(channel, ring);
    planSweep();
    return ring;
  };

  /** Delivers in the order of `send`. Each epoch is read after the messages it is used for were sent. */
  const deliver = async (channel: string, queue: Pending[]) => {
    while (queue.length > 0) {
      const batch = queue.splice(0);
      try {
        const accessEpoch = (await log.accessEpochs([channel])).get(channel);
        if (accessEpoch === undefined) throw new Error("The access epoch of a channel is unknown.");
        const asked = batch.map(async ({ data, options: kind, sentAtMs }) => {
          const leftMs = kind.messageTTL - (clock.now() - sentAtMs);
          if (leftMs <= 0) return;
          await broker?.sendMessage?.({ channel, accessEpoch, data, leftMs, options: kind });
        });
        for (const outcome of await Promise.allSettled(asked)) {
          if (outcome.status === "rejected") onError(outcome.reason);
        }
      } catch (error) {
        onError(error);
      }
    }
    pending.delete(channel);
  };

  const enqueue = (channel: string, message: Pending): Promise<void> => {
    const queue = pending.get(channel);
    if (queue === undefined) {
      const started = [message];
      pending.set(channel, started);
      return deliver(channel, started);
    }
    const { bufferSize, onFull } = message.options;
    if (queue.length < bufferSize) queue.push(message);
    else if (onFull === "drop-oldest") {
      queue.shift();
      queue.push(message);
    }
    return Promise.resolve();
  };

  const send = async (ref: EphemeralRef, message: UncheckedMessage): Promise<void> => {
    const { channel, options: kind } = checkMessage(channels[contract], ref, message);
    const { type, fields } = message;
    sent += 1;
    const data = JSON.stringify({
      v: PROTOCOL_VERSION,
      id: `${from}-${sent}`,
      from,
      n: sent,
      type,
      fields,
      sentAtMs: now(),
    } satisfies MessageFrame);
    assertMessageSize(type, data);
    ringOf(channel, kind).add(data);
    await enqueue(channel, { data, options: kind, sentAtMs: clock.now() });
  };

  return {
    send: (ref, message) => send(ref, message as unknown as UncheckedMessage),
    replay: (channel) => rings.get(channel)?.replay() ?? [],
    size: () => rings.size,
    close: () => {
      cancelSweep?.();
      cancelSweep = undefined;
      rings.clear();
    },
  };
}
