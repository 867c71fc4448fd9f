"use client";

import type { FieldErrors } from "@/lib/errors/app-error.ts";
import { Button } from "@/ui/forms/button.tsx";
import { TextArea } from "@/ui/forms/text-area.tsx";
import { TextField } from "@/ui/forms/text-field.tsx";
import { Notice } from "@/ui/notice.tsx";
import { filenameLength } from "../limits.ts";

export interface FormFile {
  /** Stable key while the position of the file changes. */
  readonly key: string;
  readonly filename: string;
  readonly content: string;
}

interface FileFieldsProps {
  readonly files: readonly FormFile[];
  readonly errors: FieldErrors;
  readonly onChange: (files: readonly FormFile[]) => void;
}

/** Fields for the files of a gist: name and content. */
export function FileFields({ files, errors, onChange }: FileFieldsProps) {
  const change = (key: string, part: Partial<FormFile>) =>
    onChange(files.map((file) => (file.key === key ? { ...file, ...part } : file)));
  return (
    <>
      {errors.files && <Notice>{errors.files.join(" ")}</Notice>}
      {files.map(({ key, filename, content }, index) => {
        const place = `File ${index + 1}`;
        return (
          <fieldset key={key} className="space-y-4 border-t-2 border-ink pt-4">
            <legend className="label-caps float-left">{place}</legend>
            <div className="flex justify-end">
              <Button
                look="bare"
                size="sm"
                disabled={files.length === 1}
                aria-label={`Remove ${filename || place}`}
                onClick={() => onChange(files.filter((file) => file.key !== key))}
              >
                Remove
              </Button>
            </div>
            <TextField
              name={`files.${index}.filename`}
              label="Name"
              hint="The extension selects the syntax highlighting: index.ts, query.sql, notes.md."
              maxLength={filenameLength}
              autoCapitalize="off"
              spellCheck={false}
              value={filename}
              errors={errors[`files.${index}.filename`]}
              onChange={(event) => change(key, { filename: event.target.value })}
            />
            <TextArea
              name={`files.${index}.content`}
              label="Content"
              rows={8}
              spellCheck={false}
              autoCapitalize="off"
              className="max-h-[36rem] min-h-44 font-mono text-xs"
              value={content}
              errors={errors[`files.${index}.content`]}
              onChange={(event) => change(key, { content: event.target.value })}
            />
          </fieldset>
        );
      })}
    </>
  );
}
