/**
 * Version of everything that crosses the wire: signals, join, sign-in and catch-up.
 *
 * A reader that meets another version does not guess: a signal becomes "this channel changed",
 * a request is refused with `unsupported_version`.
 */
export const PROTOCOL_VERSION = 1;
