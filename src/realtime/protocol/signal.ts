import type { ChannelRef, Contract } from "./channel.ts";
import { ProtocolError } from "./errors.ts";
import { decodeIds, encodeIds, type Ids, isIdName, isIdSpelling, parseId } from "./ids.ts";
import { idLength, limits } from "./limits.ts";
import { validateNow } from "./schema.ts";
import { PROTOCOL_VERSION } from "./version.ts";

/** A signal to publish, made by {@link signal}. It has ids of what changed and no content. */
export interface OutgoingSignal {
  readonly channel: ChannelRef;
  readonly name: string;
  readonly ids: Ids | undefined;
}

/** A signal as a reader gets it. */
export interface Signal {
  /** Identifies the signal. A repeated delivery has the same id. Empty if the frame had none. */
  readonly id: string;
  readonly name: string;
  /** One entry per merged change. Undefined: anything on this channel may have changed. */
  readonly ids: readonly Ids[] | undefined;
  /** Published origin of the mutation that caused it. The tab that ran the mutation recognises it. */
  readonly origin: string | undefined;
  /** Of a merged signal: id of its youngest part, to which `after` of the next signal refers. */
  readonly last?: string | undefined;
  /** Id of the signal that the relay sent before this one on the channel. Absent: none, or unknown. */
  readonly after?: string | undefined;
  /** Of an entity over a stream of the site itself: its rows, if the server has sent all of them. */
  readonly rows?: readonly unknown[] | undefined;
}

/** Names of the signals declared on a referenced channel. */
export type SignalNameOf<Ref> =
  Ref extends ChannelRef<string, infer Signals> ? Extract<keyof Signals, string> : never;

/** Ids that a signal takes, or `undefined` when it was declared without ids. */
export type SignalIds<Ref, Name> =
  Ref extends ChannelRef<string, infer Signals>
    ? Name extends keyof Signals
      ? Signals[Name]
      : never
    : never;

type IdArguments<IdsOfSignal> = undefined extends IdsOfSignal ? [] : [ids: IdsOfSignal];

/** Some signals of a channel, made by {@link on}. A query can be bound to it. */
export interface ChannelSignals {
  readonly channel: ChannelRef;
  readonly names: readonly string[];
}

/** Binds to some of a channel's signals only: `on(channels.user({ userId }), "notification.created")`. */
export function on<Ref extends ChannelRef>(
  ref: Ref,
  ...names: readonly SignalNameOf<Ref>[]
): ChannelSignals {
  return { channel: ref, names };
}

/**
 * Makes a signal for `publish`: `signal(channels.resource(ref), "comment.created", { commentId })`. It does
 * not check the name and the ids against the contract; `publish` does.
 *
 * @throws {ProtocolError} `invalid_signal` when a value is not an id, or the ids have more than
 * {@link limits.signalBytes} bytes.
 */
export function signal<Signals, Name extends Extract<keyof Signals, string>>(
  channel: ChannelRef<string, Signals>,
  name: Name,
  ...[ids]: IdArguments<Signals[Name]>
): OutgoingSignal {
  if (ids === undefined) return { channel, name, ids: undefined };
  const parsed = parseIds(ids);
  const bytes = byteLength(JSON.stringify(encodeIds(parsed)));
  if (bytes > limits.signalBytes) {
    throw new ProtocolError(
      "invalid_signal",
      `Signal "${name}" has ${bytes} bytes of ids, ${limits.signalBytes} are allowed. Publish it without ids, or split it.`,
    );
  }
  return { channel, name, ids: parsed };
}

/**
 * Checks a signal against the contract. The publisher calls it for every signal, because the channel
 * reference is plain data and may come from an untrusted source.
 *
 * @throws {ProtocolError} `invalid_channel`, or `invalid_signal` when the name is not declared on the
 * channel or its schema refuses the ids.
 */
export function checkSignal({ kinds, refer }: Contract, outgoing: OutgoingSignal): OutgoingSignal {
  const { name } = outgoing;
  const channel = refer(outgoing.channel.kind, outgoing.channel.params);
  const { signals } = kinds.get(channel.kind) ?? { signals: new Map() };
  if (!signals.has(name)) {
    throw new ProtocolError(
      "invalid_signal",
      `Signal "${name}" is not declared on channel "${channel.kind}".`,
    );
  }
  const schema = signals.get(name);
  if (schema === undefined) {
    if (outgoing.ids === undefined) return { channel, name, ids: undefined };
    throw new ProtocolError("invalid_signal", `Signal "${name}" is declared without ids.`);
  }
  const result = validateNow(schema, outgoing.ids);
  if (result.issues !== undefined) {
    const reasons = result.issues.map((issue) => issue.message).join("; ");
    throw new ProtocolError("invalid_signal", `Signal "${name}" refuses its ids: ${reasons}.`);
  }
  return { channel, name, ids: parseIds(outgoing.ids) };
}

function parseIds(value: unknown): Ids {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ProtocolError("invalid_signal", "The ids of a signal must be an object by id name.");
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, id]) => {
      if (!isIdName(name)) {
        throw new ProtocolError(
          "invalid_signal",
          `"${name}" does not name an id. Ids are named after what they identify, e.g. "commentId".`,
        );
      }
      return [name, parseId(id, `"${name}"`, "invalid_signal")];
    }),
  );
}

/** Most ids that fit into a frame: the shortest, `{"aId":"1"},`, has 12 characters. */
export const mostIds = /* @__PURE__ */ Math.ceil(limits.signalBytes / 12);

/** The data of a Pusher event that carries a signal. The name of the event is the signal's name. */
export interface SignalFrame {
  readonly v: number;
  readonly id: string;
  /** In their spelling on the wire. Absent: as in {@link Signal}. */
  readonly ids?: readonly Ids[] | undefined;
  readonly origin?: string | undefined;
  readonly last?: string | undefined;
  readonly after?: string | undefined;
}

/** Serialises a signal. Leaves the ids out if the frame would exceed {@link limits.signalBytes}. */
export function encodeSignal(signal: Signal): string {
  const { id, ids, origin, last, after } = signal;
  const v = PROTOCOL_VERSION;
  if (ids !== undefined && ids.length <= mostIds) {
    const frame = { v, id, origin, last, after, ids: ids.map(encodeIds) } satisfies SignalFrame;
    const whole = JSON.stringify(frame);
    // A UTF-16 code unit has at most three UTF-8 bytes, so that short frames need no exact count.
    if (whole.length * 3 <= limits.signalBytes || byteLength(whole) <= limits.signalBytes)
      return whole;
  }
  return JSON.stringify({ v, id, origin, last, after } satisfies SignalFrame);
}

/**
 * Parses an event from a broker. Never throws: a malformed or forged frame, or one of another protocol
 * version, becomes a signal without ids, which costs one authorised refetch.
 */
export function decodeSignal(name: string, data: unknown): Signal {
  const frame = toFrame(data);
  return {
    id: readSignalId(frame?.id) ?? "",
    name,
    ids: frame?.v === PROTOCOL_VERSION ? readIds(frame.ids) : undefined,
    origin: typeof frame?.origin === "string" ? frame.origin : undefined,
    last: readSignalId(frame?.last),
    after: readSignalId(frame?.after),
  };
}

function readSignalId(value: unknown): string | undefined {
  return typeof value === "string" && value.length <= idLength ? value : undefined;
}

function toFrame(data: unknown): Record<string, unknown> | undefined {
  try {
    const value: unknown = typeof data === "string" ? JSON.parse(data) : data;
    return typeof value === "object" && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function readIds(value: unknown): readonly Ids[] | undefined {
  return Array.isArray(value) && value.every(areIds) ? value.map(decodeIds) : undefined;
}

function areIds(value: unknown): value is Ids {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(([name, id]) => isIdName(name) && isIdSpelling(id))
  );
}

const encoder = /* @__PURE__ */ new TextEncoder();
function byteLength(text: string): number {
  return encoder.encode(text).length;
}
