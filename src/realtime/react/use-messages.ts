import { useEffect, useLayoutEffect, useState } from "react";
import type { EphemeralRef } from "../protocol/ephemeral/definition.ts";
import type { MessageOf } from "../protocol/ephemeral/message.ts";
import { useRealtime } from "./context.ts";
import type { MaybeRef } from "./use-channel.ts";
import { useLatest } from "./use-latest.ts";

/**
 * Calls the handler with each message of an ephemeral channel while mounted: first those that the channel replays,
 * oldest first, then the live ones. Messages can be missed; never use them for what a person must not miss.
 *
 * @throws {Error} without a `RealtimeProvider` above
 *
 * @example
 * useMessages(channels.import({ importId }), ({ fields }) => setDone(fields.done));
 */
export function useMessages<Messages>(
  ref: MaybeRef<EphemeralRef<string, Messages>>,
  handler: (message: MessageOf<NoInfer<Messages>>) => void,
): void {
  useSubscription(ref, handler);
}

/**
 * Returns the last message of an ephemeral channel. Undefined before the first one, and from its `messageTTL` on.
 *
 * @throws {Error} without a `RealtimeProvider` above
 *
 * @example
 * const progress = useLatestMessage(channels.import({ importId }));
 */
export function useLatestMessage<Messages>(
  ref: MaybeRef<EphemeralRef<string, Messages>>,
): MessageOf<Messages> | undefined {
  const [latest, setLatest] = useState<Shown<MessageOf<Messages>>>();
  const name = ref ? ref.name : undefined;
  useSubscription(ref, (message: MessageOf<Messages>, leftMs) =>
    setLatest({ message, untilMs: performance.now() + leftMs, channel: name }),
  );
  // Before the browser paints, because the message may have expired while React hid the component.
  useEffectBeforePaint(() => {
    if (latest === undefined) return;
    const forget = () => setLatest(undefined);
    const leftMs = latest.untilMs - performance.now();
    if (leftMs <= 0) return forget();
    const timer = setTimeout(forget, leftMs);
    return () => clearTimeout(timer);
  }, [latest]);
  return latest?.channel === name ? latest?.message : undefined;
}

/** On a server no effect runs, and React 18 warns about a layout effect there. */
const useEffectBeforePaint = typeof document === "undefined" ? useEffect : useLayoutEffect;

interface Shown<Each> {
  readonly message: Each;
  /** On the clock of `performance.now()`. */
  readonly untilMs: number;
  readonly channel: string | undefined;
}

function useSubscription<Messages>(
  ref: MaybeRef<EphemeralRef<string, Messages>>,
  handler: (message: MessageOf<Messages>, leftMs: number) => void,
): void {
  const { client } = useRealtime();
  const latest = useLatest({ ref, handler });
  const name = ref ? ref.name : undefined;
  useEffect(() => {
    const { ref: current } = latest.current;
    if (name === undefined || !current) return;
    return client.subscribe(current, {
      signal: () => {},
      gap: () => {},
      // The client has checked the type and the fields against the contract, so that the type is right.
      message: (message, leftMs) => latest.current.handler(message as never, leftMs),
    });
  }, [client, name, latest]);
}
