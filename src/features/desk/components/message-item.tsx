import { nothingFound } from "@/lib/analyst/reasoner.ts";
import { CitedText } from "@/ui/data/cited-text.tsx";
import { LostGrounding } from "@/ui/data/lost-grounding.tsx";
import { RelativeTime } from "@/ui/data/relative-time.tsx";
import type { ChatMessage } from "../schema.ts";

interface MessageItemProps {
  readonly message: ChatMessage;
  /** Undefined until the text is loaded. */
  readonly text: string | undefined;
  readonly evidencePath: string;
}

/** A message of the chat. */
export function MessageItem({ message, text = "", evidencePath }: MessageItemProps) {
  const { author, state, grounded, lost, createdAt } = message;
  return (
    <li className="py-3" aria-busy={state === "writing"}>
      <p className="flex flex-wrap items-baseline gap-x-3 text-sm">
        <span className="font-semibold">{author?.name ?? "Analyst"}</span>
        <RelativeTime at={createdAt} className="text-xs text-ink-faint" />
        {state === "asked" && <span className="text-xs text-ink-faint">asks the analyst</span>}
      </p>
      <CitedText
        text={text}
        evidencePath={evidencePath}
        className="mt-1 break-words whitespace-pre-wrap"
      />
      {state === "writing" && <p className="mt-1 text-xs text-ink-faint">Writing…</p>}
      {state === "failed" && (
        <p className="mt-1 text-sm font-medium text-danger">
          The analyst could not finish this answer. Ask again.
        </p>
      )}
      {state === "complete" && grounded === false && text.trim() !== nothingFound && (
        <p className="mt-1 text-sm font-medium text-danger">
          Not grounded: a sentence above has no observation that supports it.
        </p>
      )}
      <LostGrounding refs={lost} className="mt-1 text-sm font-medium" />
    </li>
  );
}
