import type { PositionsRequest } from "../../protocol/messages.ts";
import type { SignalLog } from "../ports.ts";
import type { CursorCodec } from "./cursor.ts";

export interface PositionsContext {
  readonly log: Pick<SignalLog, "behind">;
  readonly cursors: Pick<CursorCodec, "open">;
}

/**
 * Returns the channels on which a client is behind. No rule runs: the cursor proves that its holder could read the
 * channel, and the answer reveals one bit. A revocation writes a row on the channel, after which that bit stays
 * true for every older cursor (decision 28).
 */
export async function positions(
  { log, cursors }: PositionsContext,
  { channels }: PositionsRequest,
): Promise<readonly string[]> {
  const opened = await Promise.all(
    channels.map(async ({ channel, cursor, last }) => ({
      channel,
      position: await cursors.open(channel, cursor),
      last,
    })),
  );
  // For a cursor of another channel the log is not read.
  const comparable = opened.filter(({ position }) => position !== null);
  const behind = comparable.length === 0 ? new Set<string>() : await log.behind(comparable);
  return opened
    .filter(({ channel, position }) => position === null || behind.has(channel))
    .map(({ channel }) => channel);
}
