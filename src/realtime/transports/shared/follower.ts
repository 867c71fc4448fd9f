import type { TransportHandlers } from "../../client/transport.ts";
import type { AnswerMessage, FollowerMessage } from "./message.ts";

export interface FollowerOptions {
  readonly id: string;
  readonly handlers: TransportHandlers;
  /** Id of the leader; undefined until it is known, and requests are then dropped. */
  leader(): string | undefined;
  post(message: FollowerMessage): void;
}

/** Sends a tab's requests to the leader and passes its answers to the tab's handlers. */
export interface Follower {
  subscribe(wireName: string, auth: string): void;
  unsubscribe(wireName: string): void;
  signIn(auth: string, userData: string): void;
  ping(answered: () => void): void;
  receive(message: AnswerMessage): void;
}

export function createFollower({ id: from, handlers, leader, post }: FollowerOptions): Follower {
  /** Number of the latest request for each subscribed wire name. Answers to earlier requests are ignored. */
  const asks = new Map<string, number>();
  const pings = new Map<number, () => void>();
  let lastAsk = 0;
  return {
    subscribe: (wireName, auth) => {
      const to = leader();
      if (to === undefined) return;
      lastAsk += 1;
      asks.set(wireName, lastAsk);
      post({ type: "subscribe", from, to, wireName, auth, ask: lastAsk });
    },
    unsubscribe: (wireName) => {
      const to = leader();
      if (to !== undefined && asks.delete(wireName)) {
        post({ type: "unsubscribe", from, to, wireName });
      }
    },
    signIn: (auth, userData) => {
      const to = leader();
      if (to !== undefined) post({ type: "sign-in", from, to, auth, userData });
    },
    ping: (answered) => {
      const to = leader();
      if (to === undefined) return;
      lastAsk += 1;
      pings.set(lastAsk, answered);
      post({ type: "ping", from, to, ask: lastAsk });
    },
    receive: (message) => {
      if (message.type === "pong") {
        if (message.to !== from) return;
        const answered = pings.get(message.ask);
        pings.delete(message.ask);
        return answered?.();
      }
      const { type, wireName } = message;
      const ask = asks.get(wireName);
      if (ask === undefined) return;
      if (type === "event") handlers.event(wireName, message.name, message.data, message.rows);
      else if (message.to !== from || message.ask !== ask) return;
      else if (type === "subscribed") handlers.subscribed(wireName);
      else handlers.subscriptionFailed(wireName);
    },
  };
}
