import type { StreamFrame } from "../../protocol/stream.ts";

/** Accepts a chunk of a stream's text. */
export type FrameReader = (text: string) => void;

/** Matches up to LF. `.` and `$` would also stop at U+2028, which JSON does not escape. */
const framePattern = /(?:^|\n)event: (\w+)\ndata: ([^\n]*)/;

/**
 * Parses the subset of server-sent events that the hub writes: an `event` line, a `data` line and a blank line. Skips
 * anything else, such as heartbeats.
 *
 * @param onFrame called with each complete frame.
 */
export function createFrameReader(onFrame: (frame: StreamFrame) => void): FrameReader {
  let rest = "";
  return (text) => {
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const [, event, data = "null"] = framePattern.exec(block) ?? [];
      // Not validated further, since the frames come from this library's server.
      if (event !== undefined) onFrame({ event, data: JSON.parse(data) } as StreamFrame);
    }
  };
}
