"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useEffectEvent, useId, useState } from "react";
import { type Audience, audiences } from "@/channels/audiences.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import type { Stage } from "@/lib/stage.ts";
import { Button } from "@/ui/forms/button.tsx";
import { inputStyle } from "@/ui/forms/text-field.tsx";
import { Notice } from "@/ui/notice.tsx";
import {
  previewChannelAction,
  previewPhaseAction,
  setChannelAction,
  setPhaseAction,
} from "../actions.ts";
import { rolloutKeys } from "../keys.ts";
import type { SetChannelInput, SetPhaseInput } from "../schema.ts";
import type { ChannelRow } from "./channel-rows.ts";
import { OptionFields, type OptionTexts, toOptions, toTexts } from "./option-fields.tsx";
import { previewWords } from "./preview-words.ts";
import { stageWords } from "./stage-words.ts";

type Change = SetPhaseInput | SetChannelInput;

interface Fields extends OptionTexts {
  readonly choice: Stage["status"] | "start";
  readonly percent: number;
  readonly narrowed: string;
}

interface StageFormProps {
  readonly row: ChannelRow;
  /** The form opens with this change and its preview. */
  readonly switchTo?: "on" | "off" | undefined;
  readonly onSaved: () => void;
  readonly onCancel: () => void;
}

/**
 * Changes the rollout of a phase or a kind in two steps: a preview, then saving. Fields that are not edited
 * follow the settings, so that the form shows what another admin has saved.
 */
export function StageForm({ row, switchTo, onSaved, onCancel }: StageFormProps) {
  const { subject, stage, isSet, audience, options = {} } = row;
  const queryClient = useQueryClient();
  const id = useId();
  const [edits, setEdits] = useState<Partial<Fields>>(
    switchTo === undefined ? {} : { choice: switchTo },
  );
  const fields: Fields = {
    choice: isSet ? stage.status : "start",
    percent: stage.status === "percent" ? stage.percent : 10,
    narrowed: audience ?? "everyone",
    ...toTexts(options),
    ...edits,
  };
  const { choice, percent, narrowed } = fields;
  const change: Change =
    "phase" in subject
      ? { phase: subject.phase, stage: toStage(choice, percent) }
      : {
          kind: subject.kind,
          stage: toStage(choice, percent),
          audience: narrowed as NonNullable<SetChannelInput["audience"]>,
          ...toOptions(fields),
        };

  const preview = useMutation({
    mutationFn: (asked: Change) =>
      unwrapAction((stamp) =>
        "phase" in asked ? previewPhaseAction(stamp, asked) : previewChannelAction(stamp, asked),
      ),
  });
  const save = useMutation({
    mutationFn: () =>
      unwrapAction((stamp) =>
        "phase" in change ? setPhaseAction(stamp, change) : setChannelAction(stamp, change),
      ),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: rolloutKeys.settings });
      onSaved();
    },
  });
  const previewFirst = useEffectEvent(() => {
    if (switchTo !== undefined) preview.mutate(change);
  });
  useEffect(() => previewFirst(), []);
  const edit = (field: Partial<Fields>) => {
    preview.reset();
    save.reset();
    setEdits({ ...edits, ...field });
  };
  const failure = save.error ?? preview.error;
  const errors = failure instanceof AppError ? failure.fieldErrors : {};
  const isInvalid = Object.keys(errors).length > 0;
  // After another admin has saved, the preview is of another change.
  const isPreviewed = JSON.stringify(preview.variables) === JSON.stringify(change);
  const isFirst = !isPreviewed || isInvalid;
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (preview.isPending || save.isPending) return;
    if (!isFirst) return save.mutate();
    save.reset();
    preview.mutate(change);
  };

  return (
    <form onSubmit={onSubmit} className="space-y-4">
      <div className="flex flex-wrap items-end gap-3">
        <div className="grow">
          <label htmlFor={`${id}-stage`} className={labelStyle}>
            Rollout
          </label>
          <select
            id={`${id}-stage`}
            value={choice}
            onChange={(event) => edit({ choice: event.target.value as Fields["choice"] })}
            className={`${inputStyle} h-9 text-sm`}
          >
            <option value="off">Off</option>
            <option value="staff">Staff only</option>
            <option value="percent">Percentage of people</option>
            <option value="on">On</option>
            <option value="start">
              {isSet ? "Default" : `Default (${stageWords(stage).toLowerCase()})`}
            </option>
          </select>
        </div>
        {choice === "percent" && (
          <div className="flex items-center gap-1.5">
            <label htmlFor={`${id}-percent`} className="sr-only">
              Percentage of people
            </label>
            <input
              id={`${id}-percent`}
              type="number"
              min={0}
              max={100}
              step={1}
              required
              value={Number.isNaN(percent) ? "" : percent}
              onChange={(event) => edit({ percent: event.target.valueAsNumber })}
              className={`${inputStyle} h-9 w-20 text-sm`}
            />
            <span aria-hidden>%</span>
          </div>
        )}
        {audience !== undefined && (
          <div className="grow">
            <label htmlFor={`${id}-audience`} className={labelStyle}>
              Audience
            </label>
            <select
              id={`${id}-audience`}
              value={narrowed}
              onChange={(event) => edit({ narrowed: event.target.value })}
              className={`${inputStyle} h-9 text-sm`}
            >
              {audiences.map((each) => (
                <option key={each} value={each}>
                  {audienceLabels[each]}
                </option>
              ))}
            </select>
          </div>
        )}
      </div>
      {"kind" in subject && <OptionFields texts={fields} errors={errors} onChange={edit} />}
      <p role="status" className="min-h-5 text-sm text-ink-soft">
        {!isFirst && preview.data && previewWords(preview.data, audienceGrows(audience, narrowed))}
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
        <Button type="submit" aria-disabled={preview.isPending || save.isPending}>
          {labelOf(isFirst, save.isPending)}
        </Button>
      </div>
    </form>
  );
}

const labelStyle = "mb-1.5 block text-sm font-semibold";

const audienceLabels: Readonly<Record<Audience, string>> = {
  everyone: "All readers",
  authors: "Authors only",
  staff: "Staff only",
};

/** The audiences are declared from the widest to the narrowest. */
function audienceGrows(before: string | undefined, after: string): boolean {
  const [from, to] = [before, after].map((each) =>
    (audiences as readonly (string | undefined)[]).indexOf(each),
  );
  return before !== undefined && (to ?? 0) < (from ?? 0);
}

function toStage(choice: Fields["choice"], percent: number): Stage | null {
  if (choice === "start") return null;
  return choice === "percent" ? { status: choice, percent } : { status: choice };
}

function labelOf(isFirst: boolean, isSaving: boolean): string {
  if (isFirst) return "Preview change";
  return isSaving ? "Saving…" : "Save";
}
