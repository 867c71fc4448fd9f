"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { AppError } from "@/lib/errors/app-error.ts";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { count } from "@/lib/text/text.ts";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { Button } from "@/ui/forms/button.tsx";
import { SubmitForm } from "@/ui/forms/controls.tsx";
import { TextField } from "@/ui/forms/text-field.tsx";
import { Notice } from "@/ui/notice.tsx";
import { Modal } from "@/ui/overlays/modal.tsx";
import { deletePublicationAction } from "../actions.ts";
import { publicationKeys } from "../keys.ts";
import { deletionQuery } from "../queries.ts";
import type { Deletion, Publication } from "../schema.ts";

interface DeletePublicationProps {
  readonly publication: Publication;
  readonly viewerId: string;
}

/** For owners: what a deletion removes and keeps, and the deletion itself; or why it is not possible. */
export function DeletePublication({ publication, viewerId }: DeletePublicationProps) {
  const [isOpen, setIsOpen] = useState(false);
  const { data: deletion } = useQuery(deletionQuery(publication.id, viewerId));
  if (!deletion?.isOwner) return null;
  return (
    <section aria-labelledby="delete" className="border-t border-rule pt-6">
      <h2 id="delete" className="font-semibold">
        Delete {publication.name}
      </h2>
      {deletion.observations > 0 ? (
        <p className="mt-1 text-sm text-ink-soft">
          This publication cannot be deleted: its evidence log has{" "}
          {count(deletion.observations, "observation")}. Observations are never changed or deleted,
          so that articles can rely on them.
        </p>
      ) : (
        <>
          <Losses deletion={deletion} />
          <ActionButton look="danger" aria-haspopup="dialog" onClick={() => setIsOpen(true)}>
            Delete publication
          </ActionButton>
        </>
      )}
      {isOpen && <Confirmation publication={publication} onClose={() => setIsOpen(false)} />}
    </section>
  );
}

function Losses({ deletion }: { deletion: Deletion }) {
  const { members, submissions, invitations, messages, articles } = deletion;
  return (
    <div className="mt-1 mb-4 space-y-1 text-sm text-ink-soft">
      <p>
        Deleted for everyone, at once: the team of {count(members, "member")},{" "}
        {count(submissions, "submission")} with tasks and history,{" "}
        {count(invitations, "open invitation")}, {count(messages, "message")} of the chat.
      </p>
      <p>
        Kept: {count(articles, "published article")}, by their authors. Drafts stay with their
        authors as well.
      </p>
    </div>
  );
}

interface ConfirmationProps {
  readonly publication: Publication;
  readonly onClose: () => void;
}

function Confirmation({ publication, onClose }: ConfirmationProps) {
  const router = useRouter();
  const queryClient = useQueryClient();
  const [name, setName] = useState("");
  const remove = useMutation({
    mutationFn: () =>
      unwrapAction((stamp) =>
        deletePublicationAction(stamp, { publicationId: publication.id, name }),
      ),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: publicationKeys.lists() });
      router.replace("/publications?show=yours");
    },
  });
  const isBusy = remove.isPending || remove.isSuccess;
  const fieldErrors = remove.error instanceof AppError ? remove.error.fieldErrors.name : undefined;
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!isBusy) remove.mutate();
  };
  return (
    <Modal
      role="alertdialog"
      title={`Delete ${publication.name}?`}
      onClose={onClose}
      className="w-[26rem]"
    >
      <p className="mt-2 text-ink-soft">This cannot be undone.</p>
      {remove.error && fieldErrors === undefined && (
        <Notice className="mt-4">{remove.error.message}</Notice>
      )}
      <SubmitForm onSubmit={onSubmit} noValidate className="mt-4 space-y-6">
        <TextField
          name="typed-name"
          label={`Type “${publication.name}” to confirm`}
          autoComplete="off"
          value={name}
          errors={fieldErrors}
          onChange={(event) => setName(event.target.value)}
        />
        <div className="flex flex-wrap justify-end gap-3">
          <Button look="quiet" onClick={(event) => event.currentTarget.closest("dialog")?.close()}>
            Cancel
          </Button>
          <ActionButton type="submit" look="danger" aria-disabled={isBusy}>
            {isBusy ? "Deleting…" : "Delete publication"}
          </ActionButton>
        </div>
      </SubmitForm>
    </Modal>
  );
}
