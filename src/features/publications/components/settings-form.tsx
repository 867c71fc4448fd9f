"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { liveMutation } from "querycast";
import { type FormEvent, useRef, useState } from "react";
import { AppError } from "@/lib/errors/app-error.ts";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { SubmitForm } from "@/ui/forms/controls.tsx";
import { NewerValues } from "@/ui/forms/newer-values.tsx";
import { TextArea } from "@/ui/forms/text-area.tsx";
import { TextField } from "@/ui/forms/text-field.tsx";
import { Notice } from "@/ui/notice.tsx";
import { ConfirmDialog } from "@/ui/overlays/confirm-dialog.tsx";
import { leavePublicationAction, updatePublicationAction } from "../actions.ts";
import { descriptionLength, nameLength } from "../limits.ts";
import { publicationQuery, standingQuery } from "../queries.ts";
import type { Publication } from "../schema.ts";
import { DeletePublication } from "./delete-publication.tsx";

interface SettingsFormProps {
  readonly publicationId: string;
  readonly viewerId: string;
}

/** Name and description, for members who may change them; leaving the publication; and its deletion, for owners. */
export function SettingsForm({ publicationId, viewerId }: SettingsFormProps) {
  const { data: publication } = useQuery(publicationQuery(publicationId));
  const { data: standing } = useQuery(standingQuery(publicationId, viewerId, true));
  if (publication === undefined) return null;
  return (
    <div className="max-w-xl space-y-14">
      {standing?.permissions.includes("settings.manage") ? (
        <DetailsForm publication={publication} />
      ) : (
        <p className="text-ink-soft">
          Your roles do not allow changes of name and description. Members with the permission
          “Change name and description” can make them.
        </p>
      )}
      <LeaveButton publication={publication} />
      <DeletePublication publication={publication} viewerId={viewerId} />
    </div>
  );
}

function DetailsForm({ publication }: { publication: Publication }) {
  const stored = { name: publication.name, description: publication.description };
  const [basedOn, setBasedOn] = useState(stored);
  const [name, setName] = useState(stored.name);
  const [description, setDescription] = useState(stored.description);
  const save = useMutation(
    liveMutation({
      mutationFn: (_: undefined, { origin }) =>
        unwrapAction((stamp) =>
          updatePublicationAction(
            stamp,
            { publicationId: publication.id, name, description, basedOn },
            origin,
          ),
        ),
      // As the action stores them.
      onSuccess: () => setBasedOn({ name: name.trim(), description: description.trim() }),
    }),
  );
  const errors = save.error instanceof AppError ? save.error.fieldErrors : {};
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!save.isPending) save.mutate(undefined);
  };
  const load = () => {
    setBasedOn(stored);
    setName(stored.name);
    setDescription(stored.description);
    save.reset();
  };
  const isStale = stored.name !== basedOn.name || stored.description !== basedOn.description;
  return (
    <SubmitForm onSubmit={onSubmit} noValidate className="space-y-6">
      <TextField
        name="name"
        label="Name"
        maxLength={nameLength}
        value={name}
        errors={errors.name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextArea
        name="description"
        label="Description"
        rows={3}
        maxLength={descriptionLength}
        value={description}
        errors={errors.description}
        onChange={(event) => setDescription(event.target.value)}
      />
      {save.error && <Notice>{save.error.message}</Notice>}
      {save.error && isStale && (
        <NewerValues onLoad={load}>
          <p>Name: {stored.name}</p>
          <p>Description: {stored.description || "none"}</p>
        </NewerValues>
      )}
      <div className="flex flex-wrap items-center gap-4">
        <ActionButton type="submit" aria-disabled={save.isPending}>
          {save.isPending ? "Saving…" : "Save changes"}
        </ActionButton>
        <p role="status" className="text-sm text-ink-soft">
          {save.isSuccess && "Saved."}
        </p>
      </div>
    </SubmitForm>
  );
}

function LeaveButton({ publication }: { publication: Publication }) {
  const router = useRouter();
  const button = useRef<HTMLButtonElement>(null);
  const leave = useMutation({
    mutationFn: () =>
      unwrapAction((stamp) => leavePublicationAction(stamp, { publicationId: publication.id })),
    onSuccess: () => router.replace(`/publications/${publication.slug}`),
  });
  return (
    <section aria-labelledby="leave" className="border-t border-rule pt-6">
      <h2 id="leave" className="font-semibold">
        Leave {publication.name}
      </h2>
      <p className="mt-1 mb-4 text-sm text-ink-soft">
        Your unfinished submissions are withdrawn. Published articles stay on the page.
      </p>
      {leave.error && <Notice className="mb-4">{leave.error.message}</Notice>}
      <ConfirmDialog
        trigger={
          <ActionButton ref={button} look="quiet" aria-disabled={leave.isPending}>
            {leave.isPending ? "Leaving…" : "Leave publication"}
          </ActionButton>
        }
        title={`Leave ${publication.name}?`}
        confirmLabel="Leave"
        onConfirm={() => leave.mutate()}
        focusAfterwards={() => button.current?.focus()}
      >
        You can come back by an invitation only.
      </ConfirmDialog>
    </section>
  );
}
