"use client";

import type { FormEvent } from "react";
import { audiences } from "@/channels/audiences.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { Button } from "@/ui/forms/button.tsx";
import { SubmitForm } from "@/ui/forms/controls.tsx";
import { Notice } from "@/ui/notice.tsx";
import { OptionFields } from "./option-fields.tsx";
import { previewWords } from "./preview-words.ts";
import { StageFields } from "./stage-fields.tsx";
import { type StageChangeOptions, useStageChange } from "./use-stage-change.ts";

interface StageFormProps extends StageChangeOptions {
  readonly onCancel: () => void;
}

/** Changes the rollout of a phase or a kind in two steps: a preview, then saving. */
export function StageForm({ onCancel, ...options }: StageFormProps) {
  const { subject, audience } = options.row;
  const { texts, edit, change, preview, save, isPreviewed } = useStageChange(options);
  const failure = save.error ?? preview.error;
  const errors = failure instanceof AppError ? failure.fieldErrors : {};
  const isInvalid = Object.keys(errors).length > 0;
  const isFirst = !isPreviewed || isInvalid;
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (preview.isPending || save.isPending) return;
    if (!isFirst) return save.mutate();
    save.reset();
    preview.mutate(change);
  };

  return (
    <SubmitForm onSubmit={onSubmit} className="space-y-4">
      <StageFields row={options.row} texts={texts} onChange={edit} />
      {"kind" in subject && <OptionFields texts={texts} errors={errors} onChange={edit} />}
      <p role="status" className="min-h-5 text-sm text-ink-soft">
        {!isFirst &&
          preview.data &&
          previewWords(preview.data, audienceGrows(audience, texts.narrowed))}
      </p>
      {failure && (
        <Notice>
          {failure.message}
          {preview.error && !isInvalid && " The change can be saved without a preview."}
        </Notice>
      )}
      <div className="flex flex-wrap justify-end gap-3">
        <Button look="quiet" onClick={onCancel}>
          Cancel
        </Button>
        <ActionButton type="submit" aria-disabled={preview.isPending || save.isPending}>
          {labelOf(isFirst, save.isPending)}
        </ActionButton>
      </div>
    </SubmitForm>
  );
}

/** The audiences are declared from the widest to the narrowest. */
function audienceGrows(before: string | undefined, after: string): boolean {
  const [from, to] = [before, after].map((each) =>
    (audiences as readonly (string | undefined)[]).indexOf(each),
  );
  return before !== undefined && (to ?? 0) < (from ?? 0);
}

function labelOf(isFirst: boolean, isSaving: boolean): string {
  if (isFirst) return "Preview change";
  return isSaving ? "Saving…" : "Save";
}
