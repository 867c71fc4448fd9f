import type { ComponentProps } from "react";
import { cn } from "@/lib/cn.ts";
import { Input } from "./controls.tsx";
import { Field, type FieldTexts } from "./field.tsx";

export const inputStyle = cn(
  "w-full rounded-sm border border-ink-faint/60 bg-raised px-3 weak:text-base text-ink",
  "placeholder:text-ink-faint hover:border-ink-soft focus-visible:border-ink",
  "focus-visible:outline-offset-1 aria-invalid:border-danger",
);

/** Of a text area that grows with its text in height alone: a long word must not widen the page. */
export const growingStyle = "field-sizing-content contain-inline-size";

interface TextFieldProps extends ComponentProps<"input">, FieldTexts {
  readonly name: string;
}

/** A labelled input. Screen readers read its hint and errors with it. */
export function TextField({ label, hint, errors, className, ...input }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} errors={errors} className={className}>
      {(control) => <Input {...control} className={cn(inputStyle, "h-11")} {...input} />}
    </Field>
  );
}
