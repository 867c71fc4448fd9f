import { ProtocolError } from "../../protocol/errors.ts";
import { limits } from "../../protocol/limits.ts";

/** Format of Pusher socket ids: two numbers. */
const socketIdPattern = /^\d{1,20}\.\d{1,20}$/;
/** Format of wire names: private, in Pusher's alphabet, with an access epoch at the end. */
const wireNamePattern = new RegExp(
  `^private-(?!encrypted-|cache-)[A-Za-z0-9_\\-=@,.;]+\\.e\\d{1,${limits.epochDigits}}$`,
);

/**
 * Checks a socket id before it is signed. The signed string joins its parts by colons, so an id or name with a colon
 * could make a signature valid for another channel. The `pusher` package checks too, but accepts presence channels,
 * names of 200 characters and socket ids of any length.
 *
 * @throws {ProtocolError} when the id is invalid.
 */
export function assertSocketId(socketId: string): void {
  if (socketIdPattern.test(socketId)) return;
  throw new ProtocolError(
    "invalid_message",
    "The socket id is not signed: it must be two numbers of up to 20 digits, e.g. 123.456. Give the id that the broker sent.",
  );
}

/**
 * Checks a wire name before it is signed: see {@link assertSocketId}.
 *
 * @throws {ProtocolError} when the name is invalid.
 */
export function assertWireName(wireName: string): void {
  if (wireName.length <= limits.wireNameLength && wireNamePattern.test(wireName)) return;
  throw new ProtocolError(
    "invalid_channel",
    `The channel name is not signed: it must be private-<name>.e<epoch> in A-Z a-z 0-9 _ - = @ , . ; with up to ${limits.wireNameLength} characters. Make it with toWireName.`,
  );
}
