import { say } from "@/features/desk/say.ts";
import { writePart } from "@/features/desk/write-answer.ts";
import type { Contexts } from "@/wiring/create-contexts.ts";
import type { Chat } from "./chat-rows.ts";
import type { Ending } from "./fault-schedule.ts";
import type { Random } from "./random.ts";
import type { Inhabitant } from "./world-rows.ts";
import { endAsPlanned } from "./write.ts";

/** Writes into the chat through the site's actions. */
export interface ChatWriter {
  say(by: Inhabitant): Promise<void>;
  /** Writes a new version of a part of an answer, as the job does. */
  part(answer: number, position: number, ending: Ending, holdMs: number): Promise<void>;
}

export function createChatWriter(contexts: Contexts, chat: Chat, random: Random): ChatWriter {
  let texts = 0;
  const nextText = () => {
    texts += 1;
    return `text ${texts}`;
  };
  return {
    say: ({ viewer }) =>
      contexts.write(viewer)((context) =>
        say(context, {
          ...{ publicationId: chat.publicationId, messageId: random.uuid() },
          ...{ text: nextText(), isQuestion: false },
        }),
      ),
    part: (answer, position, ending, holdMs) =>
      endAsPlanned(ending, holdMs, (end) =>
        contexts.job(async (context) => {
          const open = chat.answers[answer];
          if (open === undefined) throw new RangeError(`Answer ${answer} does not exist.`);
          await writePart(context, open, position, nextText());
          await end();
        }),
      ),
  };
}
