import type { Contract } from "../channel.ts";
import { PROTOCOL_VERSION } from "../version.ts";
import { type FieldValues, findInvalidField } from "./fields.ts";

/** Event name of every message at a broker. Reserved: no signal can have it. */
export const messageEvent = "querycast.message";

/** A message of an ephemeral channel as a reader gets it. Narrow it by `type`. */
export interface Message<
  Type = string,
  Values = Readonly<Record<string, string | number | boolean>>,
> {
  /** Unique. The same message has the same id wherever it arrives. */
  readonly id: string;
  readonly type: Type;
  readonly fields: Values;
  /** When it was sent, in ms since 1970 by the clock of the server. */
  readonly sentAtMs: number;
}

/** What a sender gives of a message. */
export type OutgoingMessage<Messages> = {
  readonly [Type in keyof Messages & string]: {
    readonly type: Type;
    readonly fields: FieldValues<Messages[Type]>;
  };
}[keyof Messages & string];

/** Union of the declared messages of a channel. */
export type MessageOf<Messages> = {
  readonly [Type in keyof Messages & string]: Message<Type, FieldValues<Messages[Type]>>;
}[keyof Messages & string];

/** The data of the event that carries a message. */
export interface MessageFrame extends Message {
  readonly v: number;
  /** Id of the process that sent it. */
  readonly from: string;
  /** Increases with each message of that process. */
  readonly n: number;
}

/** A message in the answer to a catch-up. */
export interface ReplayedMessage {
  readonly data: string;
  /** Age in ms when the answer was made, so that clocks of servers and browsers need not agree. */
  readonly ageMs: number;
}

/** Parses a received frame. Undefined if it is malformed, of another version, or not declared on the kind. */
export function decodeMessage(
  kinds: Contract["kinds"],
  kind: string,
  data: unknown,
): MessageFrame | undefined {
  try {
    const frame = (typeof data === "string" ? JSON.parse(data) : data) as MessageFrame;
    const declared = kinds.get(kind)?.messages?.get(frame.type);
    const isValid =
      frame.v === PROTOCOL_VERSION &&
      declared !== undefined &&
      Number.isSafeInteger(frame.n) &&
      findInvalidField(declared, frame.fields) === undefined;
    return isValid ? frame : undefined;
  } catch {
    return undefined;
  }
}
