"use client";

import { useEffect, useRef } from "react";
import { Button } from "@/ui/forms/button.tsx";
import { SubmitForm } from "@/ui/forms/controls.tsx";
import { TextField } from "@/ui/forms/text-field.tsx";
import { Notice } from "@/ui/notice.tsx";
import { untouched } from "../schema.ts";
import { type FormAction, useFormAction } from "./use-form-action.ts";

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
  readonly action: FormAction;
  /** Path to redirect to afterwards. */
  readonly next: string;
}

/** Form for signing in and signing up, with errors beside the fields. */
export function AccountForm({ fields, submitLabel, action, next }: AccountFormProps) {
  const node = useRef<HTMLFormElement>(null);
  const { state, isSending, form } = useFormAction(action);
  const { message, fieldErrors, values } = state;
  const hasFieldErrors = fields.some(({ name }) => fieldErrors[name] !== undefined);

  useEffect(() => {
    if (state === untouched) return;
    node.current?.querySelector<HTMLElement>("[aria-invalid=true], [type=password]")?.focus();
  }, [state]);

  return (
    <SubmitForm ref={node} {...form} className="space-y-5" noValidate>
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
      {message !== null && !hasFieldErrors && <Notice>{message}</Notice>}
      <Button type="submit" aria-disabled={isSending} className="w-full">
        {isSending ? "Sending…" : submitLabel}
      </Button>
    </SubmitForm>
  );
}
