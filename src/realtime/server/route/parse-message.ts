import { limits } from "../../protocol/limits.ts";
import type { CatchUpRequest, ChannelPosition, RealtimeRequest } from "../../protocol/messages.ts";
import type { OpenRequest } from "../../protocol/stream.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import { RequestError } from "./request-error.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Format of Pusher socket ids. The id becomes part of the signed string, so nothing else is accepted. */
const socketIdPattern = /^[0-9]{1,20}\.[0-9]{1,20}$/;

/** Limit for the length of a cursor, which grows with the transaction snapshot in it. */
const longestCursor = 2048;

/** Keys of hosted Pusher have 20 characters. */
const longestKey = 128;

/**
 * Parses a request body. Does not check whether the contract declares a channel: the result of an
 * undeclared one is `invalid` later.
 *
 * @throws {RequestError} `bad_request` or `unsupported_version`.
 */
export function parseMessage(text: string): RealtimeRequest {
  const message = parseVersioned(text);
  const v = PROTOCOL_VERSION;
  switch (message.type) {
    case "join": {
      const channels = parseList(message.channels, parseChannel);
      assertDistinct(channels);
      const socketId = parseSocketId(message.socketId);
      return { v, type: "join", socketId, key: parseKey(message.key), channels };
    }
    case "sign-in": {
      const socketId = parseSocketId(message.socketId);
      return { v, type: "sign-in", socketId, key: parseKey(message.key) };
    }
    case "catch-up": {
      const channels = parseList(message.channels, parseQuestion);
      assertDistinct(channels.map(({ channel }) => channel));
      return { v, type: "catch-up", channels };
    }
    case "positions": {
      const channels = parseList(message.channels, parsePosition);
      assertDistinct(channels.map(({ channel }) => channel));
      return { v, type: "positions", key: parseKey(message.key), channels };
    }
    case "rollout":
      return { v, type: "rollout", key: parseKey(message.key) };
    default:
      throw new RequestError("bad_request");
  }
}

/**
 * Parses the body of a request to open a stream. Does not verify signatures.
 *
 * @throws {RequestError} `bad_request` or `unsupported_version`.
 */
export function parseOpenRequest(text: string): OpenRequest {
  const { socketId, channels } = parseVersioned(text);
  if (!Array.isArray(channels)) throw new RequestError("bad_request");
  return {
    v: PROTOCOL_VERSION,
    socketId: socketId === null ? null : parseSocketId(socketId),
    channels: channels.map((each) => {
      const { wireName, auth } = parseFields(each);
      if (typeof auth !== "string") throw new RequestError("bad_request");
      return { wireName: parseChannel(wireName), auth };
    }),
  };
}

function parseVersioned(text: string): Fields {
  const message = parseFields(parseJson(text));
  if (message.v === PROTOCOL_VERSION) return message;
  throw new RequestError(typeof message.v === "number" ? "unsupported_version" : "bad_request");
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    // Reject duplicate keys: JSON.parse uses the last one, but a proxy or firewall may have checked the first.
    if (countKeys(value) === countWrittenKeys(text)) return value;
  } catch (cause) {
    throw new RequestError("bad_request", { cause });
  }
  throw new RequestError("bad_request");
}

function countKeys(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const inside = Object.values(value).reduce<number>((sum, each) => sum + countKeys(each), 0);
  return Array.isArray(value) ? inside : inside + Object.keys(value).length;
}

function countWrittenKeys(text: string): number {
  const strings = text.match(/"(?:[^"\\]|\\.)*"\s*:?/g) ?? [];
  return strings.filter((string) => string.endsWith(":")).length;
}

function parseFields(value: unknown): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new RequestError("bad_request");
}

function parseList<Item>(value: unknown, parseItem: (item: unknown) => Item): readonly Item[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > limits.channelsPerRequest) {
    throw new RequestError("bad_request");
  }
  return value.map(parseItem);
}

function parseSocketId(value: unknown): string {
  if (typeof value === "string" && socketIdPattern.test(value)) return value;
  throw new RequestError("bad_request");
}

/** The key is only looked up, never signed, so checking its length is enough. */
function parseKey(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && value !== "" && value.length <= longestKey) return value;
  throw new RequestError("bad_request");
}

function parseChannel(value: unknown): string {
  if (typeof value === "string" && value !== "" && value.length <= limits.wireNameLength) {
    return value;
  }
  throw new RequestError("bad_request");
}

function parseQuestion(value: unknown): CatchUpRequest["channels"][number] {
  const { channel, cursor } = parseFields(value);
  if (cursor === null || (typeof cursor === "string" && cursor.length <= longestCursor)) {
    return { channel: parseChannel(channel), cursor };
  }
  throw new RequestError("bad_request");
}

/** The id is only compared, so checking its length is enough. */
function parsePosition(value: unknown): ChannelPosition {
  const { last } = parseFields(value);
  const { channel, cursor } = parseQuestion(value);
  const isId = last === undefined || (typeof last === "string" && last.length <= limits.idLength);
  if (cursor === null || !isId) throw new RequestError("bad_request");
  return { channel, cursor, last };
}

function assertDistinct(channels: readonly string[]): void {
  if (new Set(channels).size < channels.length) throw new RequestError("bad_request");
}
