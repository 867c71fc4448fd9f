import { createCursorCodec } from "./cursor.ts";
import type { SignalLog } from "./ports.ts";

/**
 * Where the log stood before a page read its data: cursors by channel name, to be called before each
 * read. All are of the moment of the first call, so a page costs one look at the log.
 */
export type PageCursors = (
  channels: readonly string[],
) => Promise<Readonly<Record<string, string>>>;

export interface PageCursorsOptions {
  readonly log: SignalLog;
  /** The secret of {@link createRealtimeHandler}: the route opens what is sealed here. */
  readonly secret: string;
  /** Told why there are none: a page is shown all the same, and reads once more. Default: nobody. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Makes what `prefetchLive` asks, one for each page that is rendered. A cursor gives no right: what has
 * happened since is told to whoever may read the channel when they ask.
 *
 * @throws {TypeError} when the secret is too short.
 */
export function createPageCursors({
  log,
  secret,
  onError = () => {},
}: PageCursorsOptions): () => PageCursors {
  const codec = createCursorCodec(secret);
  return () => {
    let position: Promise<string> | undefined;
    // Sealing twice gives two spellings; the client shall see that it is one cursor.
    const sealed = new Map<string, Promise<string>>();

    const read = async (channel: string) => {
      const answer = (await log.since([{ channel, position: null }])).get(channel);
      if (answer === undefined) throw new TypeError("The log did not say where it stands.");
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
