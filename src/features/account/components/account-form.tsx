"use client";

import { useActionState, useEffect, useRef } from "react";
import { Button } from "@/ui/forms/button.tsx";
import { TextField } from "@/ui/forms/text-field.tsx";
import { Notice } from "@/ui/notice.tsx";
import { type FormState, untouched } from "../schema.ts";

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: "text" | "email" | "password";
  readonly autoComplete: string;
  readonly hint?: string;
}

interface AccountFormProps {
  readonly fields: readonly Field[];
  readonly submitLabel: string;
  readonly action: (state: FormState, form: FormData) => Promise<FormState>;
  /** Path to redirect to afterwards. */
  readonly next: string;
}

/** Form for signing in and signing up, with errors beside the fields. */
export function AccountForm({ fields, submitLabel, action, next }: AccountFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [state, submit, isSending] = useActionState(action, untouched);
  const { message, fieldErrors, values } = state;
  const hasFieldErrors = fields.some(({ name }) => fieldErrors[name] !== undefined);

  useEffect(() => {
    if (state === untouched) return;
    form.current?.querySelector<HTMLElement>("[aria-invalid=true], [type=password]")?.focus();
  }, [state]);

  return (
    <form ref={form} action={submit} className="space-y-5" noValidate>
      {message !== null && !hasFieldErrors && <Notice>{message}</Notice>}
      <input type="hidden" name="next" value={next} />
      {fields.map((field) => (
        <TextField
          key={field.name}
          required
          errors={fieldErrors[field.name]}
          defaultValue={values[field.name] ?? ""}
          {...field}
        />
      ))}
      <Button type="submit" aria-disabled={isSending} className="w-full">
        {isSending ? "Sending…" : submitLabel}
      </Button>
    </form>
  );
}
