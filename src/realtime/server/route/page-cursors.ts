import { observer } from "../observer.ts";
import type { SignalLog } from "../ports.ts";
import { createCursorCodec } from "./cursor.ts";

/**
 * Returns a cursor for each channel name. Call it before each read of a page's data. The first call reads the
 * position of the log and later calls reuse it, so a page costs one read of the log.
 */
export type PageCursors = (
  channels: readonly string[],
) => Promise<Readonly<Record<string, string>>>;

/** Options of {@link createPageCursors}. */
export interface PageCursorsOptions {
  readonly log: SignalLog;
  /** The secret given to `createRealtimeHandler`, which decrypts these cursors. */
  readonly secret: string;
  /** Receives errors of the log. The page then has no cursors and catches up from scratch. Default: ignored. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Returns a factory of the `cursors` that `prefetchLive` needs. Call the factory once per rendered page. A cursor
 * grants no access: catch-up checks the viewer's current rights.
 *
 * @throws {TypeError} when the secret has fewer than 32 characters.
 */
export function createPageCursors(options: PageCursorsOptions): () => PageCursors {
  const { log, secret } = options;
  const onError = observer(options.onError);
  const codec = createCursorCodec(secret);
  return () => {
    let position: Promise<string> | undefined;
    // Sealed once per channel: encryption is randomised, and the client compares cursors as strings.
    const sealed = new Map<string, Promise<string>>();

    const read = async (channel: string) => {
      const answer = (await log.since([{ channel, position: null }])).get(channel);
      if (answer === undefined) throw new TypeError("The log returned no position.");
      return answer.position;
    };
    const seal = async (channel: string, at: Promise<string>) => codec.seal(channel, await at);

    return async (channels) => {
      const [first] = channels;
      if (first === undefined) return {};
      position ??= read(first);
      const at = position;
      try {
        const entries = channels.map(async (channel) => {
          const cursor = sealed.get(channel) ?? seal(channel, at);
          sealed.set(channel, cursor);
          return [channel, await cursor] as const;
        });
        return Object.fromEntries(await Promise.all(entries));
      } catch (error) {
        onError(error);
        return {};
      }
    };
  };
}
