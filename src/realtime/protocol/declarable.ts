import { ProtocolError } from "./errors.ts";

/** The prefix `querycast.` is reserved for protocol events. */
const pattern = /^(?!querycast\.)[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/;

/**
 * Asserts that a signal or message can be declared on a channel.
 *
 * @throws {ProtocolError} `invalid_contract` when the name is malformed or declared already.
 */
export function assertDeclarable(
  what: "Signal" | "Message",
  name: string,
  channel: string,
  declared: ReadonlyMap<string, unknown>,
): void {
  if (!pattern.test(name)) {
    throw new ProtocolError(
      "invalid_contract",
      `${what} "${name}" on "${channel}" is not noun.verb-in-the-past in lower case, e.g. "comment.created".`,
    );
  }
  if (declared.has(name)) {
    throw new ProtocolError(
      "invalid_contract",
      `${what} "${name}" is declared twice on "${channel}".`,
    );
  }
}
