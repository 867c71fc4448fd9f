"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { AppError } from "@/lib/errors/app-error.ts";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { SubmitForm } from "@/ui/forms/controls.tsx";
import { TextField } from "@/ui/forms/text-field.tsx";
import { Notice } from "@/ui/notice.tsx";
import { announceAction } from "../actions.ts";
import { announcementsKeys } from "../keys.ts";
import { textLength } from "../limits.ts";

const start = { text: "", minutes: "30" };

/** Form to show a text on every page for some time. */
export function AnnounceForm() {
  const queryClient = useQueryClient();
  const [values, setValues] = useState(start);
  const announce = useMutation({
    mutationFn: ({ text, minutes }: typeof start) => {
      const input = { text, minutes: minutes === "" ? Number.NaN : Number(minutes) };
      return unwrapAction((stamp) => announceAction(stamp, input));
    },
    onSuccess: async (_done, sent) => {
      setValues((typed) => (typed === sent ? start : typed));
      await queryClient.invalidateQueries({ queryKey: announcementsKeys.all });
    },
  });
  const errors = announce.error instanceof AppError ? announce.error.fieldErrors : {};
  const field = (name: keyof typeof start) => ({
    name,
    value: values[name],
    errors: errors[name],
    onChange: (event: { target: { value: string } }) =>
      setValues((before) => ({ ...before, [name]: event.target.value })),
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!announce.isPending) announce.mutate(values);
  };
  return (
    <SubmitForm
      onSubmit={onSubmit}
      noValidate
      className="grid items-start gap-4 sm:grid-cols-[1fr_10rem]"
    >
      <TextField
        label="Text"
        hint={`At most ${textLength} characters, e.g. “Inkwell restarts at 14:00 UTC.”`}
        maxLength={textLength}
        autoComplete="off"
        {...field("text")}
      />
      <TextField
        label="Shown for (minutes)"
        type="number"
        min={1}
        max={10_080}
        {...field("minutes")}
      />
      <div className="sm:col-span-2">
        <ActionButton type="submit" aria-disabled={announce.isPending}>
          {announce.isPending ? "Announcing…" : "Announce maintenance"}
        </ActionButton>
        <p role="status" className="mt-2 text-xs text-ink-soft">
          {announce.isSuccess && "Open pages show the announcement now."}
        </p>
        {announce.error && Object.keys(errors).length === 0 && (
          <Notice className="mt-3">{announce.error.message}</Notice>
        )}
      </div>
    </SubmitForm>
  );
}
