"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { liveMutation } from "querycast";
import { useState } from "react";
import { AppError } from "@/lib/errors/app-error.ts";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { type Actor, type StepName, stepsFor } from "@/lib/publications/process.ts";
import { isoOfLocal } from "@/lib/text/iso-of-local.ts";
import { useCanAct } from "@/ui/data/use-page-status.ts";
import { Button } from "@/ui/forms/button.tsx";
import { TextArea } from "@/ui/forms/text-area.tsx";
import { TextField } from "@/ui/forms/text-field.tsx";
import { Notice } from "@/ui/notice.tsx";
import { takeStepAction } from "../actions.ts";
import { submissionKeys } from "../keys.ts";
import { noteLength } from "../limits.ts";
import type { Submission, TakeStepInput } from "../schema.ts";

const labels: Readonly<Record<StepName, string>> = {
  submit: "Submit article",
  resubmit: "Submit again",
  "start-review": "Start review",
  "request-changes": "Request changes",
  approve: "Approve article",
  "review-again": "Review again",
  schedule: "Schedule",
  publish: "Publish now",
  withdraw: "Withdraw",
};

interface StepFormProps {
  readonly submission: Submission;
  readonly actor: Actor;
}

/** The steps that the viewer can take now, with a note for the timeline. */
export function StepForm({ submission, actor }: StepFormProps) {
  const { id, state, article, isApprovedText } = submission;
  const queryClient = useQueryClient();
  const [note, setNote] = useState("");
  const [moment, setMoment] = useState("");
  const canAct = useCanAct();
  const take = useMutation(
    liveMutation({
      mutationFn: (input: TakeStepInput, { origin }) =>
        unwrapAction((stamp) => takeStepAction(stamp, input, origin)),
      onSettled: () => queryClient.invalidateQueries({ queryKey: submissionKeys.submission(id) }),
    }),
  );
  const names = stepsFor(state, actor).filter(
    (name) => isApprovedText || (name !== "publish" && name !== "schedule"),
  );
  if (names.length === 0 || !canAct) return null;
  const errors = take.error instanceof AppError ? take.error.fieldErrors : {};
  const send = (step: StepName) => {
    if (take.isPending) return;
    const input = {
      submissionId: id,
      step,
      note,
      ...(step === "approve" && { version: article.version }),
      ...(step === "schedule" && moment !== "" && { scheduledFor: isoOfLocal(moment) }),
    };
    // A note that was typed during the request is for the next step.
    take.mutate(input, { onSuccess: () => setNote((typed) => (typed === note ? "" : typed)) });
  };
  return (
    <section aria-label="Next steps" className="mt-8 space-y-5 border-y border-rule py-6">
      <TextArea
        name="note"
        label="Note"
        hint="It becomes part of the timeline."
        rows={2}
        maxLength={noteLength}
        value={note}
        errors={errors.note}
        onChange={(event) => setNote(event.target.value)}
      />
      {names.includes("schedule") && (
        <TextField
          name="scheduledFor"
          label="Day and time"
          hint="For “Schedule”, in your time zone."
          type="datetime-local"
          className="max-w-xs"
          value={moment}
          errors={errors.scheduledFor}
          onChange={(event) => setMoment(event.target.value)}
        />
      )}
      {take.error && <Notice>{take.error.message}</Notice>}
      <p className="flex flex-wrap gap-3">
        {names.map((name, index) => (
          <Button
            key={name}
            look={index === 0 && name !== "withdraw" ? "solid" : "quiet"}
            aria-disabled={take.isPending}
            onClick={() => send(name)}
          >
            {take.isPending && take.variables.step === name ? "Saving…" : labels[name]}
          </Button>
        ))}
      </p>
    </section>
  );
}
