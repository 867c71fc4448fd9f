"use client";

import { unstable_rethrow } from "next/navigation";
import { type FormEvent, startTransition, useActionState } from "react";
import { requestFormReset } from "react-dom";
import { callAction } from "@/lib/errors/unwrap-action.ts";
import { type FormState, untouched } from "../schema.ts";

export type FormAction = (state: FormState, form: FormData) => Promise<FormState>;

interface Sent {
  readonly form: HTMLFormElement;
  readonly fields: FormData;
}

/**
 * A form that calls a server action, also without JavaScript. Its fields are reset to the values of the answer. A
 * request without an answer is a message, and the fields keep what was typed.
 *
 * @returns the state, whether the form is being sent, and the props for `SubmitForm`.
 */
export function useFormAction(action: FormAction) {
  // For the browser, which sends the form itself without JavaScript.
  const [answered, byBrowser] = useActionState(action, untouched);
  const [state, send, isSending] = useActionState(
    async (before: FormState, { form, fields }: Sent): Promise<FormState> => {
      try {
        const answer = await callAction(() => action(before, fields));
        startTransition(() => requestFormReset(form));
        return answer;
      } catch (error) {
        unstable_rethrow(error);
        return { ...before, message: (error as Error).message, fieldErrors: {} };
      }
    },
    answered,
  );
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isSending) return;
    const form = event.currentTarget;
    const fields = new FormData(form, (event.nativeEvent as SubmitEvent).submitter);
    startTransition(() => send({ form, fields }));
  };
  return { state, isSending, form: { action: byBrowser, onSubmit } };
}
