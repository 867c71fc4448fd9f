import { streamHeaders } from "./stream-gate.ts";
import type { Sink } from "./streams.ts";

/**
 * Creates a streaming response.
 *
 * @param open receives the sink and returns a function that is called at least once after the client disconnects.
 */
export function toResponse(open: (sink: Sink) => () => void, signal: AbortSignal): Response {
  let close = () => {};
  let read = () => {};
  // A disconnect calls `cancel` or aborts the signal, depending on how far the response has come.
  const gone = () => close();
  const body = new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        const stopListening = () => signal.removeEventListener("abort", gone);
        const opened = open({
          write: (chunk) => controller.enqueue(chunk),
          whenRead: (run) => {
            read = run;
          },
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
      // With a high water mark of 0: called when the client reads and nothing is queued.
      pull: () => {
        const run = read;
        read = () => {};
        run();
      },
      cancel: gone,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
  );
  return new Response(body, { headers: streamHeaders });
}
