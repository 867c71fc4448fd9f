"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import type { Stage } from "@/lib/stage.ts";
import {
  previewChannelAction,
  previewPhaseAction,
  setChannelAction,
  setPhaseAction,
} from "../actions.ts";
import { rolloutKeys } from "../keys.ts";
import type { SetChannelInput, SetPhaseInput } from "../schema.ts";
import type { ChannelRow } from "./channel-rows.ts";
import { type OptionTexts, toOptions, toTexts } from "./option-fields.tsx";

type Change = SetPhaseInput | SetChannelInput;

/** The content of the form's fields. */
export interface StageTexts extends OptionTexts {
  readonly choice: Stage["status"] | "start";
  readonly percent: number;
  readonly narrowed: string;
}

export interface StageChangeOptions {
  readonly row: ChannelRow;
  /** The form opens with this change and its preview. */
  readonly switchTo?: "on" | "off" | undefined;
  readonly onSaved: () => void;
}

/**
 * The change that a form describes, its preview, and saving it. Fields that are not edited follow the
 * settings, so that the form shows what another admin has saved.
 */
export function useStageChange({ row, switchTo, onSaved }: StageChangeOptions) {
  const { subject, stage, isSet, audience, options = {} } = row;
  const queryClient = useQueryClient();
  const [edits, setEdits] = useState<Partial<StageTexts>>(
    switchTo === undefined ? {} : { choice: switchTo },
  );
  const texts: StageTexts = {
    choice: isSet ? stage.status : "start",
    percent: stage.status === "percent" ? stage.percent : 10,
    narrowed: audience ?? "everyone",
    ...toTexts(options),
    ...edits,
  };
  const { choice, percent, narrowed } = texts;
  const change: Change =
    "phase" in subject
      ? { phase: subject.phase, stage: toStage(choice, percent) }
      : {
          kind: subject.kind,
          stage: toStage(choice, percent),
          audience: narrowed as NonNullable<SetChannelInput["audience"]>,
          ...toOptions(texts),
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
  const edit = (field: Partial<StageTexts>) => {
    preview.reset();
    save.reset();
    setEdits({ ...edits, ...field });
  };
  // After another admin has saved, the preview is of another change.
  const isPreviewed = JSON.stringify(preview.variables) === JSON.stringify(change);
  return { texts, edit, change, preview, save, isPreviewed };
}

function toStage(choice: StageTexts["choice"], percent: number): Stage | null {
  if (choice === "start") return null;
  return choice === "percent" ? { status: choice, percent } : { status: choice };
}
