import { expect, test } from "vitest";
import { type AnswerFrame, decodeFrames, encodeFrame } from "./frames.ts";
import { streamFrames } from "./stream-frames.ts";

const frames: readonly AnswerFrame[] = [
  { type: "tool_start", name: "query_observations" },
  { type: "text", content: 'A "quoted"\n\nline, data: {} ü' },
  { type: "done", citations: ["OBS-0001"], grounded: true },
];
const never = new AbortController().signal;

const streamOf = (chunks: readonly Uint8Array[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });

async function* send(
  list: readonly AnswerFrame[],
  onEnd = () => {},
): AsyncGenerator<AnswerFrame, void, undefined> {
  try {
    yield* list;
  } finally {
    onEnd();
  }
}

test("S2.1 each frame is one data event of JSON, and decodes to itself however the bytes arrive", async () => {
  const response = streamFrames(never, () => send(frames), { onError: () => {} });
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  const text = await response.text();
  expect(text).toBe(frames.map((frame) => `data: ${JSON.stringify(frame)}\n\n`).join(""));
  const bytes = new TextEncoder().encode(text);
  for (const size of [1, 3, 1_000]) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.slice(index * size, (index + 1) * size),
    );
    const decoded: AnswerFrame[] = [];
    for await (const frame of decodeFrames(streamOf(chunks))) decoded.push(frame);
    expect(decoded).toEqual(frames);
  }
  expect(encodeFrame(frames[0]!)).toBe(
    'data: {"type":"tool_start","name":"query_observations"}\n\n',
  );
});

test("S2.13 cancelling the response aborts the work behind it and ends its generator", async () => {
  let signal: AbortSignal | undefined;
  const ended = new Promise<void>((resolve) => {
    const response = streamFrames(
      never,
      (given) => {
        signal = given;
        return send([...frames, ...frames, ...frames], resolve);
      },
      { onError: () => {} },
    );
    const reader = response.body?.getReader();
    void reader?.read().then(() => reader.cancel());
  });
  await ended;
  expect(signal?.aborted).toBe(true);
});

test("S2.13 a request that is aborted before or during the answer aborts the work, without an error in the log", async () => {
  const errors: unknown[] = [];
  const request = new AbortController();
  const response = streamFrames(
    request.signal,
    async function* (signal) {
      yield frames[0]!;
      request.abort();
      signal.throwIfAborted();
    },
    { onError: (error) => errors.push(error) },
  );
  expect(await response.text()).toBe(encodeFrame(frames[0]!));
  expect(errors).toEqual([]);
});

test("an error ends the stream without done, and is reported", async () => {
  const errors: unknown[] = [];
  const response = streamFrames(
    never,
    // biome-ignore lint/correctness/useYield: it fails before its first frame
    async function* () {
      throw new Error("no model");
    },
    { onError: (error) => errors.push(error) },
  );
  expect(await response.text()).toBe("");
  expect(errors).toMatchObject([{ message: "no model" }]);
});
