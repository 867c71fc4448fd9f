import type { Disconnection } from "../../client/transport.ts";

/** What members ask their leader. `from` and `to` are ids of seats, made anew for every connection. */
export type MemberMessage =
  /** Who leads? Asked again now and then: the answer is a sign of life. */
  | { readonly type: "hello"; readonly from: string; readonly isVisible: boolean }
  | {
      readonly type: "subscribe";
      readonly from: string;
      readonly to: string;
      readonly wireName: string;
      readonly auth: string;
      /** Comes back with the answer, so that an answer to an earlier question is told from it. */
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
  /** Does the broker still answer you? */
  | {
      readonly type: "ping";
      readonly from: string;
      readonly to: string;
      readonly ask: number;
    }
  | { readonly type: "leave"; readonly from: string };

/** Who leads, and how its connection is. */
export type LeadMessage =
  | { readonly type: "lead"; readonly from: string }
  | {
      readonly type: "here";
      readonly from: string;
      readonly to: string;
      /** `null` while the socket is not yet open. */
      readonly socketId: string | null;
    }
  | {
      readonly type: "lost";
      readonly from: string;
      readonly reason: Disconnection["reason"];
      readonly message: string;
    };

/** What a leader passes on from the broker. */
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
    };

export type LeaderMessage = LeadMessage | AnswerMessage;

export type Message = MemberMessage | LeaderMessage;

/** Named in lock and channel: builds that speak another version have a leader of their own. */
export const sharingVersion = 2;

type Check = (value: unknown) => boolean;
const text: Check = (value) => typeof value === "string";
const number: Check = (value) => typeof value === "number";
const flag: Check = (value) => typeof value === "boolean";

const reasons: ReadonlySet<unknown> = new Set<Disconnection["reason"]>([
  "lost",
  "refused",
  "ended",
  "signed-out",
]);
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
  event: { wireName: text, name: text },
  lost: { reason: (value) => reasons.has(value), message: text },
};

/** Any script of the origin can write to the channel: what is not of this protocol is `undefined`. */
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
