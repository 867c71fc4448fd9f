/** The interval of the messages while a person types. Shorter than `replyingMs`, so that the line stays. */
const everyMs = 3_000;

export interface ReplyNotes {
  /** The text has changed. An empty one ends the reply. */
  typed(text: string): void;
  /** The reply was sent or cancelled. */
  end(): void;
}

/** Limits the messages about one reply: at most one in three seconds while typing, and one at its end. */
export function createReplyNotes(
  send: (isTyping: boolean) => void,
  now: () => number = Date.now,
): ReplyNotes {
  let sentAtMs: number | undefined;
  const end = () => {
    if (sentAtMs === undefined) return;
    sentAtMs = undefined;
    send(false);
  };
  return {
    typed: (text) => {
      if (text.trim() === "") return end();
      if (sentAtMs !== undefined && now() - sentAtMs < everyMs) return;
      sentAtMs = now();
      send(true);
    },
    end,
  };
}
