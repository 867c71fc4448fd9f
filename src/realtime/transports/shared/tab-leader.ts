import type { Disconnection, Transport } from "../../client/transport.ts";
import type { Clock } from "../../protocol/clock.ts";
import type { FollowerMessage, LeaderMessage } from "./message.ts";

/** An acknowledgement that takes longer counts as lost; the next request subscribes again. */
const acknowledgeTimeoutMs = 5_000;
/** Shorter than the limit of followers, so that all learn of a dead socket before one of them disconnects. */
const pingTimeoutMs = 2_000;

export interface TabLeaderOptions {
  /** Id of the leading tab. */
  readonly id: string;
  readonly connect: Transport["connect"];
  readonly clock: Clock;
  post(message: LeaderMessage): void;
  /** Calls `gone` once, when the follower's tab is closed. @returns a function that stops watching */
  watchFollower(id: string, gone: () => void): () => void;
  onLost(why: Disconnection): void;
}

/** Owns the connection to the broker and serves the followers' requests. */
export interface TabLeader {
  receive(message: FollowerMessage): void;
  /** Sends the reason to the followers and closes the connection. */
  close(why: Disconnection): void;
}

/** One broker subscription, shared by the followers that want the channel. */
interface Subscription {
  isAcknowledged: boolean;
  askedAtMs: number;
  /** Number of the latest request by follower id. */
  readonly asks: Map<string, number>;
}

export function createTabLeader(options: TabLeaderOptions): TabLeader {
  const { id, connect, clock, post, watchFollower, onLost } = options;
  const followers = new Map<string, () => void>();
  const subscriptions = new Map<string, Subscription>();
  let socketId: string | null = null;
  let isSignedIn = false;
  let cancelPing: (() => void) | undefined;

  const answer = (type: "subscribed" | "failed", wireName: string, asks: Subscription["asks"]) => {
    for (const [to, ask] of asks) post({ type, from: id, to, wireName, ask });
  };
  const greet = (to: string) => post({ type: "here", from: id, to, socketId });

  /**
   * Unsubscribes from a wire name without followers, but only after the broker has acknowledged it. Otherwise a late
   * acknowledgement would count for the next subscription, which has missed signals in between.
   */
  const leaveUnwanted = (wireName: string, subscription: Subscription) => {
    if (subscription.asks.size > 0 || !subscription.isAcknowledged) return;
    subscriptions.delete(wireName);
    connection.unsubscribe(wireName);
  };

  const connection = connect({
    connected: (openedId) => {
      socketId = openedId;
      for (const follower of followers.keys()) greet(follower);
    },
    disconnected: onLost,
    subscribed: (wireName) => {
      const subscription = subscriptions.get(wireName);
      if (subscription === undefined) return;
      subscription.isAcknowledged = true;
      answer("subscribed", wireName, subscription.asks);
      leaveUnwanted(wireName, subscription);
    },
    subscriptionFailed: (wireName) => {
      const subscription = subscriptions.get(wireName);
      if (subscription === undefined) return;
      subscriptions.delete(wireName);
      answer("failed", wireName, subscription.asks);
    },
    event: (wireName, name, data, rows) => {
      if (subscriptions.has(wireName))
        post({ type: "event", from: id, wireName, name, data, rows });
    },
  });

  const subscribe = (follower: string, wireName: string, auth: string, ask: number) => {
    const subscription = subscriptions.get(wireName) ?? {
      isAcknowledged: false,
      askedAtMs: Number.NEGATIVE_INFINITY,
      asks: new Map(),
    };
    subscription.asks.set(follower, ask);
    subscriptions.set(wireName, subscription);
    if (subscription.isAcknowledged) {
      answer("subscribed", wireName, new Map([[follower, ask]]));
    } else if (clock.now() - subscription.askedAtMs >= acknowledgeTimeoutMs) {
      subscription.askedAtMs = clock.now();
      connection.subscribe(wireName, auth);
    }
  };

  const unsubscribe = (follower: string, wireName: string) => {
    const subscription = subscriptions.get(wireName);
    if (subscription?.asks.delete(follower)) leaveUnwanted(wireName, subscription);
  };

  /** A missing pong ends the connection for all followers. */
  const ping = (to: string, ask: number) => {
    cancelPing ??= clock.after(pingTimeoutMs, () =>
      onLost({ reason: "lost", message: "The broker does not answer." }),
    );
    connection.ping(() => {
      cancelPing?.();
      cancelPing = undefined;
      post({ type: "pong", from: id, to, ask });
    });
  };

  const remove = (follower: string) => {
    followers.get(follower)?.();
    followers.delete(follower);
    for (const wireName of [...subscriptions.keys()]) unsubscribe(follower, wireName);
  };

  return {
    receive: (message) => {
      const { from } = message;
      if (message.type === "hello") {
        const gone = () => remove(from);
        if (!followers.has(from)) followers.set(from, watchFollower(from, gone));
        return greet(from);
      }
      if (message.type === "leave") return remove(from);
      if (message.to !== id || !followers.has(from)) return;
      if (message.type === "subscribe") {
        subscribe(from, message.wireName, message.auth, message.ask);
      } else if (message.type === "unsubscribe") {
        unsubscribe(from, message.wireName);
      } else if (message.type === "ping") {
        ping(from, message.ask);
      } else if (!isSignedIn) {
        // All tabs have the same viewer, so the first sign-in is enough.
        isSignedIn = true;
        connection.signIn(message.auth, message.userData);
      }
    },
    close: ({ reason, message }) => {
      post({ type: "lost", from: id, reason, message });
      for (const stopWatching of followers.values()) stopWatching();
      followers.clear();
      cancelPing?.();
      connection.close();
    },
  };
}
