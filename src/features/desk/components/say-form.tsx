"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { createId } from "@/lib/create-id.ts";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { Input, SubmitForm } from "@/ui/forms/controls.tsx";
import { TextArea } from "@/ui/forms/text-area.tsx";
import { sayAction } from "../actions.ts";
import { messageLength } from "../limits.ts";
import type { SayInput } from "../schema.ts";

/** One id per text and way to send it, so that a text is written once when it is sent again after a failure. */
const draftOf = (text: string) => ({ messageId: createId(), text });

/** Form to write into the chat, or to ask the analyst. A text that was not sent stays in the form. */
export function SayForm({ publicationId }: { publicationId: string }) {
  const [draft, setDraft] = useState(() => draftOf(""));
  const [isQuestion, setIsQuestion] = useState(false);
  const send = useMutation({
    mutationFn: (input: SayInput) => unwrapAction((stamp) => sayAction(stamp, input)),
    onSuccess: () => setDraft(draftOf("")),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!send.isPending) send.mutate({ publicationId, ...draft, isQuestion });
  };
  return (
    <SubmitForm onSubmit={submit} noValidate className="mt-6 space-y-3">
      <TextArea
        name="message"
        label="Message"
        rows={2}
        maxLength={messageLength}
        value={draft.text}
        onChange={(event) => setDraft(draftOf(event.target.value))}
        readOnly={send.isPending}
        errors={send.error === null ? [] : [send.error.message]}
      />
      <div className="flex flex-wrap items-center justify-between gap-4">
        <label className="flex items-center gap-2 text-sm">
          <Input
            type="checkbox"
            checked={isQuestion}
            onChange={(event) => {
              setIsQuestion(event.target.checked);
              setDraft(draftOf(draft.text));
            }}
            disabled={send.isPending}
          />
          Ask the analyst
        </label>
        <ActionButton type="submit" aria-disabled={send.isPending}>
          {send.isPending ? "Sending…" : "Send"}
        </ActionButton>
      </div>
    </SubmitForm>
  );
}
