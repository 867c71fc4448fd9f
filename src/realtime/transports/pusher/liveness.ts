/** A broker that freezes is noticed within 15 s. Brokers ask for a sign of life less often than that. */
export const activityTimeoutMs = 10_000;
export const pongTimeoutMs = 4_000;
export const silenceMessage = `The broker did not answer within ${pongTimeoutMs / 1000} s.`;

/**
 * Whether a close code says that the next attempt will be refused as well: 4000 to 4099 by the Pusher
 * protocol. After a handshake they do not: brokers close the sockets of a user whose rights have changed.
 */
export function isRefusal(code: number, isConnected: boolean): boolean {
  return !isConnected && code >= 4000 && code < 4100;
}
