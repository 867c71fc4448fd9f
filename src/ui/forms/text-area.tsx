import type { ComponentProps } from "react";
import { cn } from "@/lib/cn.ts";
import { TextBox } from "./controls.tsx";
import { Field, type FieldTexts } from "./field.tsx";
import { growingStyle, inputStyle } from "./text-field.tsx";

interface TextAreaProps extends ComponentProps<"textarea">, FieldTexts {
  readonly name: string;
}

/** A labelled text area. Screen readers read its hint and errors with it. */
export function TextArea({ label, hint, errors, className, ...area }: TextAreaProps) {
  return (
    <Field label={label} hint={hint} errors={errors}>
      {(control) => (
        <TextBox
          {...control}
          className={cn(inputStyle, growingStyle, "resize-y py-2.5", className)}
          {...area}
        />
      )}
    </Field>
  );
}
