import type { Clock } from "../../client/clock.ts";
import type { Disconnection, Transport } from "../../client/transport.ts";
import type { LeaderMessage, MemberMessage } from "./message.ts";

/** An acknowledgement that takes longer was lost; the next who asks makes the broker answer again. */
const acknowledgeTimeoutMs = 5_000;
/** Shorter than a member waits, so that all are told of a dead socket before one gives up its seat. */
const pingTimeoutMs = 2_000;

export interface HubOptions {
  /** The seat of the tab that leads. */
  readonly id: string;
  readonly connect: Transport["connect"];
  readonly clock: Clock;
  post(message: LeaderMessage): void;
  /** Calls back once, when the tab of a member is gone; hands back what stops the waiting. */
  watchMember(id: string, gone: () => void): () => void;
  onLost(why: Disconnection): void;
}

/** The one real connection, and what the members want of it. */
export interface Hub {
  receive(message: MemberMessage): void;
  /** Tells the members why, and closes the connection. */
  close(why: Disconnection): void;
}

interface Topic {
  isAcknowledged: boolean;
  askedAtMs: number;
  /** Who wants it, with their latest ask. */
  readonly asks: Map<string, number>;
}

export function createHub(options: HubOptions): Hub {
  const { id, connect, clock, post, watchMember, onLost } = options;
  const members = new Map<string, () => void>();
  const topics = new Map<string, Topic>();
  let socketId: string | null = null;
  let isSignedIn = false;
  let cancelPing: (() => void) | undefined;

  const answer = (type: "subscribed" | "failed", wireName: string, asks: Topic["asks"]) => {
    for (const [to, ask] of asks) post({ type, from: id, to, wireName, ask });
  };
  const greet = (to: string) => post({ type: "here", from: id, to, socketId });

  /**
   * What nobody wants is left, but not before the broker has answered: its late answer would be taken
   * for one to the next subscription, which has a hole before it.
   */
  const leaveUnwanted = (wireName: string, topic: Topic) => {
    if (topic.asks.size > 0 || !topic.isAcknowledged) return;
    topics.delete(wireName);
    connection.unsubscribe(wireName);
  };

  const connection = connect({
    connected: (openedId) => {
      socketId = openedId;
      for (const member of members.keys()) greet(member);
    },
    disconnected: onLost,
    subscribed: (wireName) => {
      const topic = topics.get(wireName);
      if (topic === undefined) return;
      topic.isAcknowledged = true;
      answer("subscribed", wireName, topic.asks);
      leaveUnwanted(wireName, topic);
    },
    subscriptionFailed: (wireName) => {
      const topic = topics.get(wireName);
      if (topic === undefined) return;
      topics.delete(wireName);
      answer("failed", wireName, topic.asks);
    },
    event: (wireName, name, data) => {
      if (topics.has(wireName)) post({ type: "event", from: id, wireName, name, data });
    },
  });

  const subscribe = (member: string, wireName: string, auth: string, ask: number) => {
    const known = topics.get(wireName);
    const topic = known ?? {
      isAcknowledged: false,
      askedAtMs: Number.NEGATIVE_INFINITY,
      asks: new Map(),
    };
    topic.asks.set(member, ask);
    topics.set(wireName, topic);
    if (topic.isAcknowledged) {
      answer("subscribed", wireName, new Map([[member, ask]]));
    } else if (clock.now() - topic.askedAtMs >= acknowledgeTimeoutMs) {
      topic.askedAtMs = clock.now();
      connection.subscribe(wireName, auth);
    }
  };

  const unsubscribe = (member: string, wireName: string) => {
    const topic = topics.get(wireName);
    if (topic?.asks.delete(member)) leaveUnwanted(wireName, topic);
  };

  /** A socket that is dead for one is dead for all. */
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

  const remove = (member: string) => {
    members.get(member)?.();
    members.delete(member);
    for (const wireName of [...topics.keys()]) unsubscribe(member, wireName);
  };

  return {
    receive: (message) => {
      const { from } = message;
      if (message.type === "hello") {
        if (!members.has(from))
          members.set(
            from,
            watchMember(from, () => remove(from)),
          );
        return greet(from);
      }
      if (message.type === "leave") return remove(from);
      if (message.to !== id || !members.has(from)) return;
      if (message.type === "subscribe") {
        subscribe(from, message.wireName, message.auth, message.ask);
      } else if (message.type === "unsubscribe") {
        unsubscribe(from, message.wireName);
      } else if (message.type === "ping") {
        ping(from, message.ask);
      } else if (!isSignedIn) {
        // One viewer, one socket: once is enough, whichever tab comes first.
        isSignedIn = true;
        connection.signIn(message.auth, message.userData);
      }
    },
    close: ({ reason, message }) => {
      post({ type: "lost", from: id, reason, message });
      for (const stopWatching of members.values()) stopWatching();
      members.clear();
      cancelPing?.();
      connection.close();
    },
  };
}
