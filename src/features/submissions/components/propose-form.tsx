"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { createId } from "@/lib/create-id.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { listedAtMost } from "@/lib/list-limits.ts";
import { CutNote } from "@/ui/data/cut-note.tsx";
import { EmptyState } from "@/ui/data/empty-state.tsx";
import { ReadFailed } from "@/ui/data/read-failed.tsx";
import { SkeletonList } from "@/ui/data/skeleton.tsx";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { buttonStyle } from "@/ui/forms/button.tsx";
import { Select, SubmitForm } from "@/ui/forms/controls.tsx";
import { Field } from "@/ui/forms/field.tsx";
import { TextArea } from "@/ui/forms/text-area.tsx";
import { inputStyle } from "@/ui/forms/text-field.tsx";
import { Link } from "@/ui/link.tsx";
import { Notice } from "@/ui/notice.tsx";
import { proposeAction } from "../actions.ts";
import { noteLength } from "../limits.ts";
import { articleChoicesQuery } from "../queries.ts";

interface ProposeFormProps {
  readonly publicationId: string;
  /** Path of the work list. */
  readonly path: string;
  readonly userId: string;
}

/** Submits an own article, or prepares a submission as a draft. */
export function ProposeForm({ publicationId, path, userId }: ProposeFormProps) {
  const router = useRouter();
  const { data: choices, isError, refetch } = useQuery(articleChoicesQuery(userId));
  const [submissionId] = useState(createId);
  const [articleId, setArticleId] = useState("");
  const [note, setNote] = useState("");
  const send = useMutation({
    mutationFn: (isDraft: boolean) =>
      unwrapAction((stamp) =>
        proposeAction(stamp, { publicationId, submissionId, articleId, note, isDraft }),
      ),
    onSuccess: () => router.push(`${path}/${submissionId}`),
  });
  const errors = send.error instanceof AppError ? send.error.fieldErrors : {};
  const isBusy = send.isPending || send.isSuccess;
  if (isError && choices === undefined) {
    return <ReadFailed onRetry={refetch}>Your articles could not be loaded.</ReadFailed>;
  }
  if (choices === undefined) return <SkeletonList label="Loading your articles" rows={1} />;
  if (choices.length === 0 && !isBusy) {
    return (
      <EmptyState
        title="You have no article to submit"
        action={
          <Link href="/write" className={buttonStyle()}>
            Write an article
          </Link>
        }
      >
        Articles that are in a process already, or that a publication has published, are left out.
      </EmptyState>
    );
  }
  return (
    <SubmitForm
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) send.mutate(false);
      }}
      noValidate
      className="max-w-xl space-y-6"
    >
      <Field
        label="Article"
        hint="Members with a permission for submissions can read it once it is submitted."
        errors={errors.articleId}
      >
        {(control) => (
          <Select
            {...control}
            className={`${inputStyle} h-11`}
            value={articleId}
            onChange={(event) => setArticleId(event.target.value)}
          >
            <option value="">Choose an article</option>
            {choices.map(({ id, title, isPublished }) => (
              <option key={id} value={id}>
                {isPublished ? `${title} (published by you)` : title}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <CutNote rows={choices}>
        The {listedAtMost} articles that changed last are listed. Another one is listed after you
        save it again.
      </CutNote>
      <TextArea
        name="note"
        label="Note to the editors"
        rows={3}
        maxLength={noteLength}
        value={note}
        errors={errors.note}
        onChange={(event) => setNote(event.target.value)}
      />
      {send.error && <Notice>{send.error.message}</Notice>}
      <p className="flex flex-wrap gap-3">
        <ActionButton type="submit" aria-disabled={isBusy}>
          {isBusy ? "Sending…" : "Submit article"}
        </ActionButton>
        <ActionButton
          look="quiet"
          aria-disabled={isBusy}
          onClick={() => !isBusy && send.mutate(true)}
        >
          Save as draft
        </ActionButton>
      </p>
    </SubmitForm>
  );
}
