import type { Disconnection } from "../../client/transport.ts";

/** Requests of followers to their leader. `from` and `to` are ids of tabs, new for each connection. */
export type FollowerMessage =
  /** Asks which tab leads. Repeated as a heartbeat: the leader must answer. */
  | { readonly type: "hello"; readonly from: string; readonly isVisible: boolean }
  | {
      readonly type: "subscribe";
      readonly from: string;
      readonly to: string;
      readonly wireName: string;
      readonly auth: string;
      /** Request number, which the answer repeats, so that answers to earlier requests can be ignored. */
      readonly ask: number;
    }
  | {
      readonly type: "unsubscribe";
      readonly from: string;
      readonly to: string;
      readonly wireName: string;
    }
  | {
      readonly type: "sign-in";
      readonly from: string;
      readonly to: string;
      readonly auth: string;
      readonly userData: string;
    }
  /** Asks the leader to ping the broker. */
  | {
      readonly type: "ping";
      readonly from: string;
      readonly to: string;
      readonly ask: number;
    }
  | { readonly type: "leave"; readonly from: string };

/** Announces the leader and the state of its connection. */
export type LeadMessage =
  | { readonly type: "lead"; readonly from: string }
  | {
      readonly type: "here";
      readonly from: string;
      readonly to: string;
      /** Null until the socket is open. */
      readonly socketId: string | null;
    }
  | {
      readonly type: "lost";
      readonly from: string;
      readonly reason: Disconnection["reason"];
      readonly message: string;
    };

/** Forwards messages of the broker to followers. */
export type AnswerMessage =
  | {
      readonly type: "subscribed" | "failed";
      readonly from: string;
      readonly to: string;
      readonly wireName: string;
      readonly ask: number;
    }
  | {
      readonly type: "pong";
      readonly from: string;
      readonly to: string;
      readonly ask: number;
    }
  | {
      readonly type: "event";
      readonly from: string;
      readonly wireName: string;
      readonly name: string;
      readonly data: unknown;
      readonly rows?: readonly unknown[] | undefined;
    };

export type LeaderMessage = LeadMessage | AnswerMessage;

export type Message = FollowerMessage | LeaderMessage;

/** Part of the lock and channel names, so that builds with another version elect a separate leader. */
export const sharingVersion = 2;

type Check = (value: unknown) => boolean;
const text: Check = (value) => typeof value === "string";
const number: Check = (value) => typeof value === "number";
const flag: Check = (value) => typeof value === "boolean";

/** A record, so that no reason can be missing. */
const reasons: Readonly<Record<Disconnection["reason"], true>> = {
  lost: true,
  refused: true,
  ended: true,
  moved: true,
  "signed-out": true,
};
const answer = { to: text, wireName: text, ask: number };
const fields: { readonly [Type in Message["type"]]: Readonly<Record<string, Check>> } = {
  hello: { isVisible: flag },
  subscribe: { to: text, wireName: text, auth: text, ask: number },
  unsubscribe: { to: text, wireName: text },
  "sign-in": { to: text, auth: text, userData: text },
  ping: { to: text, ask: number },
  leave: {},
  lead: {},
  here: { to: text, socketId: (value) => value === null || text(value) },
  subscribed: answer,
  failed: answer,
  pong: { to: text, ask: number },
  event: {
    wireName: text,
    name: text,
    rows: (value) => value === undefined || Array.isArray(value),
  },
  lost: { reason: (value) => Object.hasOwn(reasons, String(value)), message: text },
};

/** Whether the message announces the leader or the state of its connection. */
export function isLeadMessage(message: Message): message is LeadMessage {
  return message.type === "lead" || message.type === "here" || message.type === "lost";
}

/** Whether the message was forwarded from the broker. */
export function isAnswerMessage(message: Message): message is AnswerMessage {
  const { type } = message;
  return type === "subscribed" || type === "failed" || type === "pong" || type === "event";
}

/** Returns undefined for an invalid message, since any script of the origin can post to the channel. */
export function parseMessage(value: unknown): Message | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const message = value as Readonly<Record<string, unknown>>;
  const { type } = message;
  if (typeof type !== "string" || !Object.hasOwn(fields, type) || !text(message.from)) {
    return undefined;
  }
  const checks = Object.entries(fields[type as Message["type"]]);
  return checks.every(([field, check]) => check(message[field])) ? (value as Message) : undefined;
}
