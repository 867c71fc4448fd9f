"use client";

import { useMutation } from "@tanstack/react-query";
import { liveMutation } from "querycast";
import { type FormEvent, useState } from "react";
import { createId } from "@/lib/create-id.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { observationRef } from "@/lib/evidence/observation.ts";
import { decodeText } from "@/lib/text/decode-text.ts";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { Input, SubmitForm } from "@/ui/forms/controls.tsx";
import { Field } from "@/ui/forms/field.tsx";
import { Notice } from "@/ui/notice.tsx";
import { ingestFileAction } from "../actions.ts";
import { fileLength, mostRows, tooLongFile } from "../limits.ts";

interface ChosenFile {
  readonly id: string;
  readonly name: string;
  readonly text: string;
}

/** Records the observations of a file: all of them or none. */
export function FileForm({ publicationId }: { readonly publicationId: string }) {
  const [file, setFile] = useState<ChosenFile | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const ingest = useMutation(
    liveMutation({
      mutationFn: (chosen: ChosenFile, { origin }) =>
        unwrapAction((stamp) =>
          ingestFileAction(
            stamp,
            {
              publicationId,
              fileId: chosen.id,
              text: chosen.text,
              format: chosen.name.toLowerCase().endsWith(".csv") ? "csv" : "json",
            },
            origin,
          ),
        ),
    }),
  );
  const errors = ingest.error instanceof AppError ? ingest.error.fieldErrors : {};
  const choose = async (chosen: File | undefined) => {
    ingest.reset();
    setFile(null);
    setProblem(null);
    if (chosen === undefined) return;
    try {
      setFile({ id: createId(), name: chosen.name, text: await readText(chosen) });
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!ingest.isPending && file !== null) ingest.mutate(file);
  };
  return (
    <SubmitForm onSubmit={onSubmit} noValidate className="max-w-xl space-y-4">
      <Field
        label="File"
        hint={`JSON or CSV in UTF-8, at most ${mostRows} observations. If one row is wrong, none is recorded.`}
      >
        {(control) => (
          <Input
            {...control}
            type="file"
            accept=".json,.csv,application/json,text/csv"
            className="block w-full text-sm"
            onChange={(event) => void choose(event.target.files?.[0])}
          />
        )}
      </Field>
      {problem !== null && <Notice>{problem}</Notice>}
      {ingest.error && (
        <Notice>
          <p>{ingest.error.message}</p>
          {errors.rows && (
            <ul className="mt-2 list-disc space-y-1 pl-5">
              {errors.rows.map((message) => (
                <li key={message}>{message}</li>
              ))}
            </ul>
          )}
        </Notice>
      )}
      {ingest.isSuccess && <Notice role="status">{resultWords(ingest.data)}</Notice>}
      <ActionButton type="submit" aria-disabled={ingest.isPending || file === null}>
        {ingest.isPending ? "Signing…" : "Record file"}
      </ActionButton>
    </SubmitForm>
  );
}

/** UTF-8 has at most so many bytes for each counted character. One of four bytes counts as two. */
const mostBytes = 3;

/** @throws with the reason for people; characters of another encoding would be replaced, then signed */
async function readText(file: File): Promise<string> {
  if (file.size > mostBytes * (fileLength + 1)) throw new Error(tooLongFile);
  const text = decodeText(await file.arrayBuffer());
  if (text !== null) return text;
  throw new Error(`“${file.name}” is not UTF-8 text. Save it as UTF-8, and choose it again.`);
}

function resultWords(numbers: readonly number[]): string {
  const [first = 0] = numbers;
  const last = numbers.at(-1) ?? first;
  if (numbers.length === 1) return `Recorded ${observationRef(first)}.`;
  return `Recorded ${numbers.length} observations: ${observationRef(first)} to ${observationRef(last)}.`;
}
