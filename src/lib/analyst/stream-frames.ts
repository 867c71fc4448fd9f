import { type AnswerFrame, encodeFrame } from "./frames.ts";

type Frames = AsyncGenerator<AnswerFrame, void, undefined>;

export interface StreamOptions {
  /** Called with an error that ended the stream before `done`. */
  readonly onError: (error: unknown) => void;
}

/**
 * A response that streams frames as server-sent events, each as soon as it exists. When the client disconnects, the
 * signal of the frames is aborted, which cancels the work behind them. An error ends the stream without `done`.
 */
export function streamFrames(
  request: AbortSignal,
  open: (signal: AbortSignal) => Frames,
  { onError }: StreamOptions,
): Response {
  const work = new AbortController();
  const stop = () => work.abort();
  request.addEventListener("abort", stop, { once: true });
  if (request.aborted) stop();
  let frames: Frames | undefined;
  const encoder = new TextEncoder();
  let isOpen = true;
  const end = () => {
    isOpen = false;
    request.removeEventListener("abort", stop);
  };
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          frames ??= open(work.signal);
          const next = await frames.next();
          if (!isOpen) return;
          if (!next.done) {
            controller.enqueue(encoder.encode(encodeFrame(next.value)));
            return;
          }
        } catch (error) {
          if (!work.signal.aborted) onError(error);
        }
        if (isOpen) controller.close();
        end();
      },
      cancel() {
        end();
        stop();
        // The generator may wait for a read, so its end is not awaited.
        void frames?.return().catch(() => {});
      },
    },
    { highWaterMark: 1 },
  );
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      // Proxies must neither compress nor hold back the stream.
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    },
  });
}
