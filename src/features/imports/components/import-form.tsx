"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { createId } from "@/lib/create-id.ts";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { Button } from "@/ui/forms/button.tsx";
import { Field } from "@/ui/forms/field.tsx";
import { startImportAction } from "../actions.ts";
import { importLimits } from "../limits.ts";
import { readFiles } from "./read-files.ts";

/** Form to import Markdown files as drafts. Afterwards the page of the import opens. */
export function ImportForm() {
  const router = useRouter();
  // One id until it succeeds, so that a repeated request starts one import.
  const [importId] = useState(createId);
  const [files, setFiles] = useState<readonly File[]>([]);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy) return;
    setIsBusy(true);
    setError(null);
    try {
      const input = { importId, files: await readFiles(files) };
      await unwrapAction((stamp) => startImportAction(stamp, input));
      router.push(`/write/import/${importId}`);
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : "The import did not start. Try again.");
      setIsBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="max-w-xl space-y-4">
      <Field
        id="files"
        label="Markdown files"
        hint={`Up to ${importLimits.files} files of type .md or .markdown, ${importLimits.bytes / 1_000} kB together.`}
        errors={error === null ? [] : [error]}
      >
        {(control) => (
          <input
            {...control}
            type="file"
            multiple
            accept=".md,.markdown,text/markdown"
            onChange={(event) => {
              setFiles([...(event.target.files ?? [])]);
              setError(null);
            }}
            className="block w-full text-sm file:mr-4 file:h-10 file:rounded-sm file:border file:border-ink-faint/60 file:bg-raised file:px-4 file:font-semibold file:text-ink"
          />
        )}
      </Field>
      <Button type="submit" aria-disabled={isBusy}>
        {isBusy ? "Sending…" : "Import drafts"}
      </Button>
      <p role="alert" className="sr-only">
        {error}
      </p>
    </form>
  );
}
