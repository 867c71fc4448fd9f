import { channels } from "@/channels/index.ts";
import { say } from "@/features/desk/say.ts";
import { writePart } from "@/features/desk/write-answer.ts";
import type { Contexts } from "@/wiring/create-contexts.ts";
import { type Ledger, recordWrite } from "../checks/ledger.ts";
import type { Random } from "../random.ts";
import type { Ending } from "../schedule/fault-schedule.ts";
import type { Chat } from "./chat-rows.ts";
import type { Inhabitant } from "./world-rows.ts";
import { endAsPlanned } from "./write.ts";

/** Writes into the chat through the site's actions. */
export interface ChatWriter {
  say(by: Inhabitant): Promise<void>;
  /** Writes a new version of a part of an answer, as the job does. */
  part(answer: number, position: number, ending: Ending, holdMs: number): Promise<void>;
}

export interface ChatWriterOptions {
  readonly contexts: Contexts;
  readonly chat: Chat;
  readonly ledger: Ledger;
  readonly random: Random;
}

export function createChatWriter({
  contexts,
  chat,
  ledger,
  random,
}: ChatWriterOptions): ChatWriter {
  const { publicationId } = chat;
  const channel = channels.chat({ publicationId }).name;
  let texts = 0;
  const nextText = () => {
    texts += 1;
    return `text ${texts}`;
  };
  return {
    say: async ({ viewer }) => {
      const [messageId, text] = [random.uuid(), nextText()];
      await recordWrite(
        ledger,
        { ids: [messageId, text], channel, ending: "commit" },
        (committing) =>
          contexts.write(viewer)(async (context) => {
            await say(context, { publicationId, messageId, text, isQuestion: false });
            committing();
          }),
      );
    },
    part: async (answer, position, ending, holdMs) => {
      const open = chat.answers[answer];
      if (open === undefined) throw new RangeError(`Answer ${answer} does not exist.`);
      const text = nextText();
      await recordWrite(ledger, { ids: [text], channel, ending }, (committing) =>
        endAsPlanned(ending, holdMs, (end) =>
          contexts.job(async (context) => {
            await writePart(context, open, position, text);
            await end();
            committing();
          }),
        ),
      );
    },
  };
}
