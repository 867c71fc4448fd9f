"use client";

import { type FormEvent, useState } from "react";
import { createId } from "@/lib/create-id.ts";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { Button } from "@/ui/forms/button.tsx";
import { TextArea } from "@/ui/forms/text-area.tsx";
import { sayAction } from "../actions.ts";
import { messageLength } from "../limits.ts";

/** Form to write into the chat, or to ask the analyst. A text that was not sent stays in the form. */
export function SayForm({ publicationId }: { publicationId: string }) {
  // One id until it succeeds, so that a repeated request writes one message.
  const [messageId, setMessageId] = useState(createId);
  const [text, setText] = useState("");
  const [isQuestion, setIsQuestion] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy) return;
    setIsBusy(true);
    setError(null);
    try {
      const input = { publicationId, messageId, text, isQuestion };
      await unwrapAction((stamp) => sayAction(stamp, input));
      setText("");
      setMessageId(createId());
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : "The message was not sent. Try again.");
    }
    setIsBusy(false);
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="mt-6 space-y-3">
      <TextArea
        name="message"
        label="Message"
        rows={2}
        maxLength={messageLength}
        value={text}
        onChange={(event) => setText(event.target.value)}
        errors={error === null ? [] : [error]}
      />
      <div className="flex flex-wrap items-center justify-between gap-4">
        <label className="flex items-center gap-2 text-sm">
          <input
            type="checkbox"
            checked={isQuestion}
            onChange={(event) => setIsQuestion(event.target.checked)}
          />
          Ask the analyst
        </label>
        <Button type="submit" aria-disabled={isBusy}>
          {isBusy ? "Sending…" : "Send"}
        </Button>
      </div>
    </form>
  );
}
