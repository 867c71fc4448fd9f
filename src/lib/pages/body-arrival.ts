import type { IncomingMessage, ServerResponse } from "node:http";

/** Whether a request has a body, a part of which has not arrived. */
export const isBodyMissing = ({ complete, headers }: IncomingMessage) =>
  !complete &&
  (headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0);

/**
 * Resolves when the whole body has arrived, or the connection has ended. Node keeps the body until it is read.
 * `boundRequests` limits its length, and the time that it may take.
 */
export function bodyArrival(request: IncomingMessage, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (request.complete || response.closed || response.destroyed) return resolve();
    const push = request.push.bind(request);
    request.push = (chunk, ...rest) => {
      push(chunk, ...rest);
      if (chunk === null) resolve();
      return true; // With false Node would wait until the body is read.
    };
    response.once("close", resolve);
    request.socket.resume(); // Node may have stopped already.
  });
}
