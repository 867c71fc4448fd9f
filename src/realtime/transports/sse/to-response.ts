import type { Sink } from "./streams.ts";

const headers = {
  "content-type": "text/event-stream; charset=utf-8",
  // Whoever compresses or keeps it on the way would hold signals back.
  "cache-control": "no-store, no-transform",
  "x-accel-buffering": "no",
  "x-content-type-options": "nosniff",
};

/**
 * An answer that goes on until its reader has gone, or `open` has ended what it was given.
 *
 * @param open takes the sink and hands back what is called, at least once, when nobody reads any more.
 */
export function toResponse(open: (sink: Sink) => () => void, signal: AbortSignal): Response {
  let close = () => {};
  // Which of the two is told that the reader has gone depends on how far the answer has come.
  const gone = () => close();
  const body = new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        const stopListening = () => signal.removeEventListener("abort", gone);
        const opened = open({
          write: (chunk) => controller.enqueue(chunk),
          queuedBytes: () => -(controller.desiredSize ?? 0),
          end: () => {
            stopListening();
            controller.close();
          },
          drop: () => {
            stopListening();
            controller.error(new Error("The reader is too slow."));
          },
        });
        close = () => {
          stopListening();
          opened();
        };
        signal.addEventListener("abort", gone);
      },
      cancel: gone,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
  );
  return new Response(body, { headers });
}
