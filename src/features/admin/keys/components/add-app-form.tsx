"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { AppError } from "@/lib/errors/app-error.ts";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { SubmitForm } from "@/ui/forms/controls.tsx";
import { TextField } from "@/ui/forms/text-field.tsx";
import { Notice } from "@/ui/notice.tsx";
import { addAppAction } from "../actions.ts";
import { brokerKeys } from "../keys.ts";

const empty = { id: "", key: "", secret: "" };

/** Form to add an app. Its secret is sent to the server and never returned. */
export function AddAppForm() {
  const queryClient = useQueryClient();
  const [app, setApp] = useState(empty);
  const add = useMutation({
    mutationFn: (input: typeof empty) => unwrapAction((stamp) => addAppAction(stamp, input)),
    onSuccess: async (_done, sent) => {
      setApp((typed) => (typed === sent ? empty : typed));
      await queryClient.invalidateQueries({ queryKey: brokerKeys.apps });
    },
  });
  const errors = add.error instanceof AppError ? add.error.fieldErrors : {};
  const field = (name: keyof typeof empty) => ({
    name,
    value: app[name],
    errors: errors[name],
    autoComplete: "off",
    spellCheck: false,
    onChange: (event: { target: { value: string } }) =>
      setApp((before) => ({ ...before, [name]: event.target.value })),
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!add.isPending) add.mutate(app);
  };
  return (
    <SubmitForm onSubmit={onSubmit} noValidate className="mt-4 grid gap-4 sm:grid-cols-3">
      <TextField label="App ID" {...field("id")} />
      <TextField label="Key" hint="Public: it is sent to browsers." {...field("key")} />
      <TextField
        label="Secret"
        type="password"
        hint="Stored encrypted. It is not shown again."
        {...field("secret")}
      />
      <div className="sm:col-span-3">
        <ActionButton type="submit" look="quiet" size="sm" aria-disabled={add.isPending}>
          {add.isPending ? "Adding…" : "Add app"}
        </ActionButton>
        <p role="status" className="mt-2 text-xs text-ink-soft">
          {add.isSuccess && "App added. You can make it current in three seconds."}
        </p>
        {add.error && <Notice className="mt-3">{add.error.message}</Notice>}
      </div>
    </SubmitForm>
  );
}
