"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { liveMutation } from "querycast";
import { type FormEvent, useState } from "react";
import { createId } from "@/lib/create-id.ts";
import { AppError } from "@/lib/errors/app-error.ts";
import { unwrapAction } from "@/lib/errors/unwrap-action.ts";
import { clearances, clearanceWords, observationRef } from "@/lib/evidence/observation.ts";
import { isoOfLocal } from "@/lib/text/iso-of-local.ts";
import { ActionButton } from "@/ui/forms/action-button.tsx";
import { Button } from "@/ui/forms/button.tsx";
import { Input, Select, SubmitForm } from "@/ui/forms/controls.tsx";
import { Field } from "@/ui/forms/field.tsx";
import { TextArea } from "@/ui/forms/text-area.tsx";
import { inputStyle, TextField } from "@/ui/forms/text-field.tsx";
import { Notice } from "@/ui/notice.tsx";
import { recordObservationAction } from "../actions.ts";
import { mostFigures, sourceNameLength, sourceUrlLength, statementLength } from "../limits.ts";

interface RecordFormProps {
  readonly publicationId: string;
  /** Path of the evidence log. */
  readonly path: string;
  /** Name of an observation to correct. */
  readonly corrects: string;
}

interface FigureText {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly unit: string;
}

/** Records one observation. */
export function RecordForm({ publicationId, path, corrects }: RecordFormProps) {
  const router = useRouter();
  // One id per content, so that the same content is recorded once when it is sent again after a failure.
  const [formId, setFormId] = useState(createId);
  const [fields, setFields] = useState({
    statement: "",
    sourceName: "",
    sourceUrl: "",
    eventAt: "",
    clearance: "member",
    corrects,
  });
  const [figures, setFigures] = useState<readonly FigureText[]>([]);
  const save = useMutation(
    liveMutation({
      mutationFn: (_: undefined, { origin }) =>
        unwrapAction((stamp) =>
          recordObservationAction(
            stamp,
            {
              publicationId,
              formId,
              observation: {
                ...fields,
                clearance: fields.clearance as (typeof clearances)[number],
                eventAt: isoOfLocal(fields.eventAt),
                figures: figures.map(({ name, value, unit }) => ({ name, value, unit })),
              },
            },
            origin,
          ),
        ),
      onSuccess: (number: number) => router.push(`${path}/${observationRef(number)}`),
    }),
  );
  const errors = save.error instanceof AppError ? save.error.fieldErrors : {};
  const isBusy = save.isPending || save.isSuccess;
  const input = (name: keyof typeof fields) => ({
    name,
    value: fields[name],
    errors: errors[name],
    onChange: (event: { readonly target: { readonly value: string } }) =>
      change({ ...fields, [name]: event.target.value }, figures),
  });
  const change = (nextFields: typeof fields, nextFigures: typeof figures) => {
    setFields(nextFields);
    setFigures(nextFigures);
    setFormId(createId());
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!isBusy) save.mutate(undefined);
  };
  return (
    <SubmitForm onSubmit={onSubmit} noValidate className="max-w-xl space-y-6">
      <TextArea
        {...input("statement")}
        label="Statement"
        hint="What was observed, in full sentences."
        rows={4}
        maxLength={statementLength}
      />
      <FigureFields
        figures={figures}
        onChange={(next) => change(fields, next)}
        errors={figureErrors(errors)}
      />
      <TextField {...input("sourceName")} label="Source" maxLength={sourceNameLength} />
      <TextField
        {...input("sourceUrl")}
        label="URL of the source"
        type="url"
        maxLength={sourceUrlLength}
      />
      <TextField
        {...input("eventAt")}
        label="Time of the event"
        type="datetime-local"
        hint="In your time zone. The ingest time is recorded by the site."
      />
      <Field
        label="Who may read it"
        hint="Members are the people of the publication. Editors are members who read all submissions."
        errors={errors.clearance}
      >
        {(control) => (
          <Select
            {...control}
            className={`${inputStyle} h-11`}
            value={fields.clearance}
            onChange={input("clearance").onChange}
          >
            {clearances.map((value) => (
              <option key={value} value={value}>
                {clearanceWords[value]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <TextField
        {...input("corrects")}
        label="Corrects"
        hint="For a correction: the name of the observation, such as OBS-0042. It stays in the log."
      />
      {save.error && <Notice>{save.error.message}</Notice>}
      <ActionButton type="submit" aria-disabled={isBusy}>
        {isBusy ? "Signing…" : "Record observation"}
      </ActionButton>
    </SubmitForm>
  );
}

const figureErrors = (errors: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(errors).flatMap(([name, messages]) =>
    name.startsWith("figures") ? messages : [],
  );

interface FigureFieldsProps {
  readonly figures: readonly FigureText[];
  readonly onChange: (figures: readonly FigureText[]) => void;
  readonly errors: readonly string[];
}

function FigureFields({ figures, onChange, errors }: FigureFieldsProps) {
  const change = (id: string, field: "name" | "value" | "unit", text: string) =>
    onChange(figures.map((figure) => (figure.id === id ? { ...figure, [field]: text } : figure)));
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-semibold">Figures</legend>
      {figures.map(({ id, ...figure }, index) => (
        <div key={id} className="mb-2 flex flex-wrap gap-2">
          {(["name", "value", "unit"] as const).map((field) => (
            <Input
              key={field}
              aria-label={`${fieldWords[field]} of figure ${index + 1}`}
              placeholder={fieldWords[field]}
              value={figure[field]}
              onChange={(event) => change(id, field, event.target.value)}
              className={`${inputStyle} h-9 min-w-0 flex-1 basis-24 text-sm`}
            />
          ))}
          <Button
            look="bare"
            size="sm"
            aria-label={`Remove figure ${index + 1}`}
            onClick={() => onChange(figures.filter((each) => each.id !== id))}
          >
            Remove
          </Button>
        </div>
      ))}
      {errors.length > 0 && (
        <p role="alert" className="mb-2 text-xs font-medium text-danger">
          {errors.join(" ")}
        </p>
      )}
      {figures.length < mostFigures && (
        <Button
          look="quiet"
          size="sm"
          onClick={() => onChange([...figures, { id: createId(), name: "", value: "", unit: "" }])}
        >
          Add figure
        </Button>
      )}
    </fieldset>
  );
}

const fieldWords = { name: "Name", value: "Value", unit: "Unit" } as const;
