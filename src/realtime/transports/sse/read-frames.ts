import type { StreamFrame } from "../../protocol/stream.ts";

/** Takes the text of a stream in pieces, and hands out each frame once it is whole. */
export type FrameReader = (text: string) => void;

/** A line ends with LF and nothing else; `.` and `$` would stop at U+2028 too, which JSON lets pass. */
const framePattern = /(?:^|\n)event: (\w+)\ndata: ([^\n]*)/;

/**
 * Reads what our server writes of the format of server-sent events: one line that names the event and
 * one with its data, a blank one after it. Everything else, heartbeats among it, is skipped.
 */
export function createFrameReader(onFrame: (frame: StreamFrame) => void): FrameReader {
  let rest = "";
  return (text) => {
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const [, event, data = "null"] = framePattern.exec(block) ?? [];
      // The server is ours; what it cannot know of, a transport does not hear of.
      if (event !== undefined) onFrame({ event, data: JSON.parse(data) } as StreamFrame);
    }
  };
}
