import type { ComponentProps } from "react";
import { cn } from "@/lib/cn.ts";
import { inputStyle } from "./text-field.tsx";

interface TextAreaProps extends ComponentProps<"textarea"> {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly errors?: readonly string[] | undefined;
}

/** A labelled text of several lines whose hint and errors are read out with it. */
export function TextArea({ label, hint, errors = [], className, ...area }: TextAreaProps) {
  const hintId = `${area.name}-hint`;
  const errorId = `${area.name}-error`;
  const isInvalid = errors.length > 0;
  return (
    <div>
      <label htmlFor={area.name} className="mb-1.5 block text-sm font-semibold">
        {label}
      </label>
      <textarea
        id={area.name}
        aria-invalid={isInvalid || undefined}
        aria-describedby={cn(hint && hintId, isInvalid && errorId) || undefined}
        className={cn(inputStyle, "field-sizing-content resize-y py-2.5", className)}
        {...area}
      />
      {hint && !isInvalid && (
        <p id={hintId} className="mt-1.5 text-xs text-ink-faint">
          {hint}
        </p>
      )}
      {isInvalid && (
        <p id={errorId} className="mt-1.5 text-xs font-medium text-accent">
          {errors.join(" ")}
        </p>
      )}
    </div>
  );
}
