"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { createId } from "@/lib/create-id.ts";
import { readDraft, writeDraft } from "@/lib/draft.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { Button } from "@/ui/forms/button.tsx";
import { Input, SubmitForm } from "@/ui/forms/controls.tsx";
import { TextArea } from "@/ui/forms/text-area.tsx";
import { TextField } from "@/ui/forms/text-field.tsx";
import { useUnsavedWarning } from "@/ui/forms/use-unsaved-warning.ts";
import { Notice } from "@/ui/notice.tsx";
import { createGistAction, updateGistAction } from "../actions.ts";
import { descriptionLength, filesPerGist, titleLength } from "../limits.ts";
import type { CreateGistInput, GistDraft } from "../schema.ts";
import { FileFields, type FormFile } from "./file-fields.tsx";

type Fields = Pick<CreateGistInput, "title" | "description" | "isPrivate">;

/** The draft that this tab stores until the server has it. */
interface KeptGist {
  readonly fields: Fields;
  readonly files: readonly FormFile[];
}

const newFile = (filename = "", content = ""): FormFile => ({ key: createId(), filename, content });

/** Creates a gist, or edits `draft`. Input is kept until the server has it. */
export function GistForm({ draft }: { draft?: GistDraft }) {
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const [gistId] = useState(() => draft?.id ?? createId());
  const [fields, setFields] = useState<Fields>({
    title: draft?.title ?? "",
    description: draft?.description ?? "",
    isPrivate: draft?.isPrivate ?? false,
  });
  const [files, setFiles] = useState<readonly FormFile[]>(
    () => draft?.files.map((file) => newFile(file.filename, file.content)) ?? [newFile()],
  );
  const draftKey = `gist.${draft?.id ?? "new"}`;
  const [isTouched, setIsTouched] = useState(false);
  const save = useMutation({
    mutationFn: () => {
      const input = { gistId, ...fields, files: files.map(({ key: _, ...file }) => file) };
      return unwrapAction((stamp) =>
        draft === undefined
          ? createGistAction(stamp, input)
          : updateGistAction(stamp, { ...input, updatedAt: draft.updatedAt }),
      );
    },
    onSuccess: () => {
      writeDraft(draftKey, null);
      router.push(`/gists/${gistId}`);
    },
  });
  const saveLabel = draft === undefined ? "Create gist" : "Save gist";
  const isBusy = save.isPending || save.isSuccess;
  const errors = save.error instanceof AppError ? save.error.fieldErrors : {};
  useUnsavedWarning(isTouched && !save.isSuccess);

  useEffect(() => {
    if (save.error) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [save.error]);

  // Restores input that was not saved before a reload.
  useEffect(() => {
    const stored = readDraft(draftKey);
    if (stored === null) return;
    const kept = JSON.parse(stored) as KeptGist;
    setFields(kept.fields);
    setFiles(kept.files.map(({ filename, content }) => newFile(filename, content)));
    setIsTouched(true);
  }, [draftKey]);
  const keep = (kept: KeptGist) => {
    setIsTouched(true);
    setFields(kept.fields);
    setFiles(kept.files);
    writeDraft(draftKey, JSON.stringify(kept));
  };
  const change = (part: Partial<Fields>) => keep({ fields: { ...fields, ...part }, files });
  const changeFiles = (next: readonly FormFile[]) => keep({ fields, files: next });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!isBusy) save.mutate();
  };

  return (
    <SubmitForm ref={form} onSubmit={onSubmit} noValidate className="space-y-7">
      <TextField
        name="title"
        label="Title"
        maxLength={titleLength}
        value={fields.title}
        errors={errors.title}
        onChange={(event) => change({ title: event.target.value })}
      />
      <TextArea
        name="description"
        label="Description"
        rows={2}
        maxLength={descriptionLength}
        value={fields.description}
        errors={errors.description}
        onChange={(event) => change({ description: event.target.value })}
      />
      <fieldset>
        <legend className="mb-1.5 text-sm font-semibold">Visibility</legend>
        <div className="flex flex-wrap gap-x-7 gap-y-2">
          {[false, true].map((isPrivate) => (
            <label key={String(isPrivate)} className="flex items-center gap-2">
              <Input
                type="radio"
                name="visibility"
                checked={fields.isPrivate === isPrivate}
                onChange={() => change({ isPrivate })}
              />
              {isPrivate ? "Private: only you" : "Public: everyone"}
            </label>
          ))}
        </div>
      </fieldset>
      <FileFields files={files} errors={errors} onChange={changeFiles} />
      {save.error && <Notice>{save.error.message}</Notice>}
      <div className="flex flex-wrap items-center gap-4">
        <Button
          look="quiet"
          disabled={files.length >= filesPerGist}
          onClick={() => changeFiles([...files, newFile()])}
        >
          Add file
        </Button>
        <ActionButton type="submit" aria-disabled={isBusy}>
          {isBusy ? "Saving…" : saveLabel}
        </ActionButton>
      </div>
    </SubmitForm>
  );
}
