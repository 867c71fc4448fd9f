"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { readDraft, writeDraft } from "@/lib/draft.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { SubmitForm } from "@/ui/forms/controls.tsx";
import { TextArea } from "@/ui/forms/text-area.tsx";
import { TextField } from "@/ui/forms/text-field.tsx";
import { Notice } from "@/ui/notice.tsx";
import { updateProfileAction } from "../actions.ts";
import { bioLength, nameLength } from "../limits.ts";
import type { Person, UpdateProfileInput } from "../schema.ts";

const draftKey = "profile";

/** Form for the viewer's public profile. */
export function ProfileForm({ person }: { person: Person }) {
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const [profile, setProfile] = useState<UpdateProfileInput>({
    name: person.name,
    bio: person.bio,
  });
  const save = useMutation({
    mutationFn: () => unwrapAction((stamp) => updateProfileAction(stamp, profile)),
    onSuccess: () => {
      writeDraft(draftKey, null);
      router.refresh();
    },
  });
  // Restores input that was not saved before a reload.
  useEffect(() => {
    const stored = readDraft(draftKey);
    if (stored !== null) setProfile(JSON.parse(stored) as UpdateProfileInput);
  }, []);
  const errors = save.error instanceof AppError ? save.error.fieldErrors : {};
  useEffect(() => {
    if (save.error) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [save.error]);
  const change = (part: Partial<UpdateProfileInput>) => {
    save.reset();
    const next = { ...profile, ...part };
    setProfile(next);
    writeDraft(draftKey, JSON.stringify(next));
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!save.isPending) save.mutate();
  };
  return (
    <SubmitForm ref={form} onSubmit={onSubmit} noValidate className="space-y-5">
      <TextField
        name="name"
        label="Name"
        autoComplete="name"
        maxLength={nameLength}
        value={profile.name}
        errors={errors.name}
        onChange={(event) => change({ name: event.target.value })}
      />
      <TextArea
        name="bio"
        label="About you"
        hint={`Shown on your page and below your articles. ${bioLength - profile.bio.length} characters left.`}
        rows={3}
        maxLength={bioLength}
        value={profile.bio}
        errors={errors.bio}
        onChange={(event) => change({ bio: event.target.value })}
      />
      {save.error && <Notice>{save.error.message}</Notice>}
      <div className="flex items-center gap-4">
        <ActionButton type="submit" aria-disabled={save.isPending}>
          {save.isPending ? "Saving…" : "Save profile"}
        </ActionButton>
        <p role="status" className="text-sm text-ink-faint">
          {save.isSuccess && "Saved."}
        </p>
      </div>
    </SubmitForm>
  );
}
