/** Tools of the analyst. */
export type ToolName = "query_observations" | "read_observation";

/**
 * The frames of an answer. `text` frames concatenate to the answer. `done` comes once and last; a stream without it is
 * incomplete.
 */
export type AnswerFrame =
  | { readonly type: "tool_start"; readonly name: ToolName }
  | { readonly type: "text"; readonly content: string }
  | {
      readonly type: "done";
      /** The distinct citations of the text, in its order: `OBS-0042`. */
      readonly citations: readonly string[];
      /** Whether every sentence is cited, and every citation and figure was found by the viewer's own read. */
      readonly grounded: boolean;
    };

/** A frame as a server-sent event. */
export function encodeFrame(frame: AnswerFrame): string {
  return `data: ${JSON.stringify(frame)}\n\n`;
}

/** Decodes a stream of events into frames. @throws {SyntaxError} for an event that is no frame. */
export async function* decodeFrames(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<AnswerFrame, void, undefined> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let buffer = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      buffer += decoder.decode(value, { stream: true });
      const events = buffer.split("\n\n");
      buffer = events.pop() ?? "";
      for (const event of events) {
        if (event.startsWith("data: ")) yield JSON.parse(event.slice(6)) as AnswerFrame;
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
