"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { createId } from "@/lib/create-id.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { SubmitForm } from "@/ui/forms/controls.tsx";
import { TextArea } from "@/ui/forms/text-area.tsx";
import { TextField } from "@/ui/forms/text-field.tsx";
import { Notice } from "@/ui/notice.tsx";
import { createPublicationAction } from "../actions.ts";
import { descriptionLength, nameLength, slugLength } from "../limits.ts";

/** Creates a publication, then opens its page. The address follows the name until it is edited. */
export function PublicationForm() {
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const [publicationId] = useState(createId);
  const [name, setName] = useState("");
  const [ownSlug, setOwnSlug] = useState<string | null>(null);
  const [description, setDescription] = useState("");
  const slug = ownSlug ?? suggestSlug(name);
  const create = useMutation({
    mutationFn: () =>
      unwrapAction((stamp) =>
        createPublicationAction(stamp, { publicationId, name, slug, description }),
      ),
    onSuccess: (address) => router.push(`/publications/${address}`),
  });
  const errors = create.error instanceof AppError ? create.error.fieldErrors : {};
  const isBusy = create.isPending || create.isSuccess;
  useEffect(() => {
    if (create.error) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [create.error]);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!isBusy) create.mutate();
  };
  return (
    <SubmitForm ref={form} onSubmit={onSubmit} noValidate className="max-w-xl space-y-6">
      <TextField
        name="name"
        label="Name"
        maxLength={nameLength}
        value={name}
        errors={errors.name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        name="slug"
        label="URL"
        hint={`The page is at /publications/${slug || "…"}. It cannot be changed later.`}
        maxLength={slugLength}
        value={slug}
        errors={errors.slug}
        onChange={(event) => setOwnSlug(event.target.value)}
      />
      <TextArea
        name="description"
        label="Description"
        hint="Shown in the directory and on the page."
        rows={3}
        maxLength={descriptionLength}
        value={description}
        errors={errors.description}
        onChange={(event) => setDescription(event.target.value)}
      />
      {create.error && <Notice>{create.error.message}</Notice>}
      <ActionButton type="submit" aria-disabled={isBusy}>
        {isBusy ? "Creating…" : "Create publication"}
      </ActionButton>
    </SubmitForm>
  );
}

function suggestSlug(name: string): string {
  const words = name
    .toLowerCase()
    .normalize("NFKD")
    .replaceAll(/\p{Mark}|['’]/gu, "")
    .match(/[a-z0-9]+/g);
  return (words ?? []).join("-").slice(0, slugLength);
}
