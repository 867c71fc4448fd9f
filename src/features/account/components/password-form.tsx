"use client";

import { useEffect, useRef } from "react";
import { pageViewerField } from "@/lib/pages/page-viewer.ts";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { SubmitForm } from "@/ui/forms/controls.tsx";
import { TextField } from "@/ui/forms/text-field.tsx";
import { Notice } from "@/ui/notice.tsx";
import { changePasswordAction } from "../actions.ts";
import { untouched } from "../schema.ts";
import { useFormAction } from "./use-form-action.ts";

/** Changes the password. The fields are cleared after each answer. */
export function PasswordForm({ userId }: { userId: string }) {
  const node = useRef<HTMLFormElement>(null);
  const { state, isSending, form } = useFormAction(changePasswordAction);
  const { message, fieldErrors } = state;
  const isDone = state !== untouched && message === null;
  const isGeneral = message !== null && Object.keys(fieldErrors).length === 0;
  useEffect(() => {
    if (state.message !== null) {
      node.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
    }
  }, [state]);
  return (
    <SubmitForm ref={node} {...form} noValidate className="space-y-5">
      <input type="hidden" name={pageViewerField} value={userId} />
      <TextField
        name="current"
        label="Current password"
        type="password"
        autoComplete="current-password"
        errors={fieldErrors.current}
      />
      <TextField
        name="next"
        label="New password"
        type="password"
        autoComplete="new-password"
        hint="At least 10 characters. Every other device is signed out."
        errors={fieldErrors.next}
      />
      {isGeneral && <Notice>{message}</Notice>}
      <div className="flex items-center gap-4">
        <ActionButton type="submit" aria-disabled={isSending}>
          {isSending ? "Saving…" : "Change password"}
        </ActionButton>
        <p role="status" className="text-sm text-ink-faint">
          {isDone && "Password changed. Every other device is signed out."}
        </p>
      </div>
    </SubmitForm>
  );
}
