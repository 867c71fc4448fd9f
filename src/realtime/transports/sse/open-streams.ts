import { AsyncResource } from "node:async_hooks";
import type { Clock } from "../../protocol/clock.ts";
import { heartbeatMs } from "../../protocol/stream.ts";
import { sessionOf, type Viewer } from "../../server/viewer.ts";
import { heartbeat, toFrame } from "./frame.ts";
import { createMessageQueue } from "./message-queue.ts";
import { createStreams, type Stream, type Streams } from "./streams.ts";

/** Interval of checking for heartbeats, session checks and stream ends that are due. */
const sweepMs = 1_000;
/** Interval of session checks. Revoked access does not depend on it, since it changes the channel's epoch. */
const sessionCheckMs = 60_000;

interface OpenStream extends Stream {
  readonly viewer: Viewer;
  /** Whether the session is still valid. */
  readonly isValid: () => Promise<boolean>;
  readonly endsAtMs: number;
  nextCheckAtMs: number;
}

/** A stream to open. */
export interface NewStream
  extends Omit<OpenStream, "lastWriteMs" | "nextCheckAtMs" | "messages" | "isBehind"> {
  /** Written at once. */
  readonly first: Uint8Array;
}

/** The open streams of a process, with their heartbeats, session checks and ends. */
export interface OpenStreams
  extends Pick<
    Streams<OpenStream>,
    "send" | "sendMessage" | "isWanted" | "size" | "countSubscriptions"
  > {
  /** @returns a function that removes the stream. Idempotent. */
  open(stream: NewStream): () => void;
  /** Ends the streams that match, with the event `end`. */
  end(matches: (stream: { readonly viewer: Viewer }) => boolean): void;
  /** Returns the number of open streams of the viewer's session. */
  countOf(viewer: Viewer): number;
}

export interface OpenStreamsOptions {
  readonly clock: Clock;
  /** Whether heartbeats are sent. */
  readonly isFollowing: () => boolean;
  /** Called for each stream whose client is too far behind. */
  readonly onDropped: () => void;
}

export function createOpenStreams(options: OpenStreamsOptions): OpenStreams {
  const { clock, isFollowing, onDropped } = options;
  const countBySession = new Map<string, number>();
  let cancelSweep: (() => void) | undefined;

  const remove = (stream: OpenStream): boolean => {
    if (!streams.remove(stream)) return false;
    const session = sessionOf(stream.viewer);
    const others = (countBySession.get(session) ?? 1) - 1;
    if (others === 0) countBySession.delete(session);
    else countBySession.set(session, others);
    if (streams.size().streams === 0) {
      cancelSweep?.();
      cancelSweep = undefined;
    }
    return true;
  };
  const streams = createStreams<OpenStream>({
    now: clock.now,
    onSlow: (stream) => {
      if (!remove(stream)) return;
      stream.sink.drop();
      onDropped();
    },
  });

  const end = (stream: OpenStream) => {
    if (!remove(stream)) return;
    stream.sink.write(Buffer.from(toFrame("end", null)));
    stream.sink.end();
  };

  const checkSession = (stream: OpenStream) => {
    stream.nextCheckAtMs = clock.now() + sessionCheckMs;
    stream.isValid().then(
      (isValid) => isValid || end(stream),
      () => {}, // Unknown: the stream stays open. Access is decided again when it ends.
    );
  };

  // Bound to the hub's async context: otherwise all streams would run in that of the stream that started the timer.
  const sweep = AsyncResource.bind(() => {
    cancelSweep = clock.after(sweepMs, sweep);
    const nowMs = clock.now();
    for (const stream of streams) {
      if (nowMs >= stream.endsAtMs) end(stream);
      else if (isFollowing() && nowMs - stream.lastWriteMs >= heartbeatMs)
        streams.write(stream, heartbeat);
      if (nowMs >= stream.nextCheckAtMs) checkSession(stream);
    }
  });

  const countOf = (viewer: Viewer) => countBySession.get(sessionOf(viewer)) ?? 0;

  return {
    send: streams.send,
    sendMessage: streams.sendMessage,
    isWanted: streams.isWanted,
    size: streams.size,
    countSubscriptions: streams.countSubscriptions,
    countOf,
    open: ({ first, ...given }) => {
      const nowMs = clock.now();
      const stream = {
        ...given,
        messages: createMessageQueue(),
        isBehind: false,
        lastWriteMs: nowMs,
        nextCheckAtMs: nowMs + sessionCheckMs,
      };
      countBySession.set(sessionOf(stream.viewer), countOf(stream.viewer) + 1);
      streams.add(stream);
      cancelSweep ??= clock.after(sweepMs, sweep);
      streams.write(stream, first);
      return () => void remove(stream);
    },
    end: (matches) => {
      for (const stream of streams) if (matches(stream)) end(stream);
    },
  };
}
