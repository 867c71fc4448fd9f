/**
 * Version of the wire protocol: signals, requests and responses. A signal of another version is read as
 * "anything on this channel may have changed". A request of another version is refused with
 * `unsupported_version`.
 */
export const PROTOCOL_VERSION = 1;
