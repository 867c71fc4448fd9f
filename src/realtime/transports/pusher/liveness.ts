/** Silence after which the broker is pinged: with the pong's limit, a frozen broker is detected within 15 s. */
export const activityTimeoutMs = 10_000;
export const pongTimeoutMs = 4_000;
export const silenceMessage = `The broker did not answer within ${pongTimeoutMs / 1000} s.`;

/**
 * Whether a close code means that the next attempt will be refused too: 4000 to 4099 in the Pusher protocol. After the
 * handshake it does not, since brokers use these codes to close the sockets of a user whose rights have changed.
 */
export function isRefusal(code: number, isConnected: boolean): boolean {
  return !isConnected && code >= 4000 && code < 4100;
}
