import { ProtocolError } from "../../protocol/errors.ts";
import { limits } from "../../protocol/limits.ts";

/** Two numbers, as brokers give them. */
const socketIdPattern = /^\d{1,20}\.\d{1,20}$/;
/** The names this library makes: private, in Pusher's alphabet, with an access epoch at the end. */
const wireNamePattern = new RegExp(
  `^private-(?!encrypted-|cache-)[A-Za-z0-9_\\-=@,.;]+\\.e\\d{1,${limits.epochDigits}}$`,
);

/**
 * Throws for what must not get into a signed text: a socket id or a name with a colon in it could make
 * the signature one for something else. The `pusher` package refuses most of it, but would sign presence
 * channels, names of 200 characters and socket ids of any length.
 *
 * @throws {ProtocolError}
 */
export function assertSocketId(socketId: string): void {
  if (socketIdPattern.test(socketId)) return;
  throw new ProtocolError(
    "invalid_message",
    "The socket id is not signed: it is not two numbers of up to 20 digits, e.g. 123.456. Give the one the broker gave.",
  );
}

/** @throws {ProtocolError} */
export function assertWireName(wireName: string): void {
  if (wireName.length <= limits.wireNameLength && wireNamePattern.test(wireName)) return;
  throw new ProtocolError(
    "invalid_channel",
    `The channel name is not signed: it is not private-<name>.e<epoch> in A-Z a-z 0-9 _ - = @ , . ; of up to ${limits.wireNameLength} characters. Make it with toWireName.`,
  );
}
