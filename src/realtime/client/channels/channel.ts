import type { ChannelRef } from "../../protocol/channel.ts";
import type { KeptMessages } from "../ephemeral/kept-messages.ts";
import type { ChannelListener } from "../realtime-client.ts";
import type { JoinState } from "./channel-state.ts";
import type { FrameOrder } from "./frame-order.ts";

export interface Subscription {
  readonly listener: ChannelListener | undefined;
  /** Wanted signals. Undefined: all. */
  readonly names: readonly string[] | undefined;
}

/** All that the client knows about one channel. */
export interface Channel {
  readonly name: string;
  readonly ref: ChannelRef;
  /** One entry per subscription; the same listener may subscribe twice. */
  readonly subscriptions: Set<Subscription>;
  /** Whether a wanted signal is switched on for the viewer. */
  isOn: boolean;
  /** Whether the route answered that the viewer may not read the channel. */
  isDenied: boolean;
  /** Whether it was reported that the route does not know the channel. */
  isInvalid?: boolean;
  /** The cursor when the denied channel was last joined again. If it differs now, the channel was live since. */
  askedAt?: string | undefined;
  /** Spread of the clients on this channel in ms, from the latest response. */
  spreadMs?: number | undefined;
  /** When the latest cursor arrived, in ms since 1970. */
  cursorAtMs?: number;
  /** Cancels the removal that is due 3 s after the last subscription. */
  cancelRelease?: () => void;
  /** Of an ephemeral channel. */
  readonly messages?: KeptMessages | undefined;
  /** Undefined without a connection, or when the channel is not joined on it. */
  join?: Join | undefined;
}

/**
 * A channel on one connection. A channel that is left and joined again has a new one, so that answers to
 * earlier requests can be ignored.
 */
export interface Join extends FrameOrder {
  readonly channel: Channel;
  state: JoinState;
  /** The request or wait that put it into this state: see `begin`. */
  step?: object;
  wireName?: string | undefined;
  /** Whether it was off, and is joined again to ask whether it still is. */
  isRetriedOff?: boolean;
  /** Failures since the channel was last live. */
  attempts: number;
  /** Messages that arrived before the replay, and when. */
  heldMessages?: { readonly data: unknown; readonly atMs: number }[];
}
