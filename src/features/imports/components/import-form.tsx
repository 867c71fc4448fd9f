"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { createId } from "@/lib/create-id.ts";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { Input, SubmitForm } from "@/ui/forms/controls.tsx";
import { Field } from "@/ui/forms/field.tsx";
import { importArchiveAction, startImportAction } from "../actions.ts";
import { archiveLimits, importLimits } from "../limits.ts";
import { readFiles } from "./read-files.ts";

interface Chosen {
  readonly importId: string;
  readonly files: readonly File[];
}

/** One id per choice, so that the same files are imported once when they are sent again after a failure. */
const choose = (files: readonly File[]): Chosen => ({ importId: createId(), files });

/** Form to import Markdown files, or an archive of them, as drafts. Afterwards the page of the import opens. */
export function ImportForm() {
  const router = useRouter();
  const [chosen, setChosen] = useState(() => choose([]));
  const start = useMutation({
    mutationFn: async ({ importId, files }: Chosen) => {
      const input = await readFiles(files);
      await unwrapAction((stamp) =>
        "archive" in input
          ? importArchiveAction(stamp, { importId, ...input })
          : startImportAction(stamp, { importId, ...input }),
      );
    },
    onSuccess: (_done, { importId }) => router.push(`/write/import/${importId}`),
  });
  // The button stays busy until the page of the import opens.
  const isBusy = start.isPending || start.isSuccess;
  const error = start.error?.message ?? null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isBusy) start.mutate(chosen);
  };
  return (
    <SubmitForm onSubmit={submit} noValidate className="max-w-xl space-y-4">
      <Field
        label="Markdown files or a .zip archive"
        hint={`Up to ${importLimits.files} files of type .md or .markdown, ${importLimits.bytes / 1_000} kB together; or one .zip archive of up to ${archiveLimits.archiveBytes / 1_000} kB with up to ${archiveLimits.files} of them. Other files in an archive are left out.`}
        errors={error === null ? [] : [error]}
      >
        {(control) => (
          <Input
            {...control}
            type="file"
            multiple
            accept=".md,.markdown,text/markdown,.zip,application/zip"
            onChange={(event) => {
              setChosen(choose([...(event.target.files ?? [])]));
              start.reset();
            }}
            className="block w-full text-sm file:mr-4 file:h-10 file:rounded-sm file:border file:border-ink-faint/60 file:bg-raised file:px-4 file:font-semibold file:text-ink"
          />
        )}
      </Field>
      <ActionButton type="submit" aria-disabled={isBusy}>
        {isBusy ? "Sending…" : "Import drafts"}
      </ActionButton>
      <p role="alert" className="sr-only">
        {error}
      </p>
    </SubmitForm>
  );
}
