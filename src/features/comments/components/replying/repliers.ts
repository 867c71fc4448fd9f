import type { MessageOf } from "querycast";
import type { channels } from "@/channels/index.ts";
import { replyingMs } from "@/channels/messages.ts";

/** A person who is writing a comment. */
export interface Replier {
  readonly userId: string;
  readonly handle: string;
  /** The comment that is answered, or the page. */
  readonly targetId: string;
  /** Not shown from here on, unless another message arrives. */
  readonly untilMs: number;
}

type ReplyMessage = MessageOf<NonNullable<ReturnType<typeof channels.replying>["~messages"]>>;

/** The people after a message. A person replies to one target at a time. */
export function withMessage(
  repliers: readonly Replier[],
  { type, fields }: ReplyMessage,
  nowMs: number,
): readonly Replier[] {
  const others = repliers.filter(({ userId }) => userId !== fields.userId);
  if (type === "reply.typed") return [...others, { ...fields, untilMs: nowMs + replyingMs }];
  const isOther = ({ userId, targetId }: Replier) =>
    userId !== fields.userId || targetId !== fields.targetId;
  return repliers.filter(isOther);
}

/** The people whose last message is recent enough. The same array when none has to go. */
export function withoutExpired(repliers: readonly Replier[], nowMs: number): readonly Replier[] {
  const kept = repliers.filter(({ untilMs }) => untilMs > nowMs);
  return kept.length === repliers.length ? repliers : kept;
}

/** "Ann is replying…". Several people are named up to two, then counted. */
export function replyingText(names: readonly string[]): string {
  const [first, second] = names;
  if (first === undefined) return "";
  if (second === undefined) return `${first} is replying…`;
  if (names.length === 2) return `${first} and ${second} are replying…`;
  return `${first} and ${names.length - 1} others are replying…`;
}
