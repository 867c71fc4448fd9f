import type { ComponentProps } from "react";
import { cn } from "@/lib/cn.ts";

export const inputStyle = cn(
  "w-full rounded-sm border border-ink-faint/60 bg-raised px-3 text-base text-ink",
  "placeholder:text-ink-faint hover:border-ink-soft focus-visible:border-ink",
  "focus-visible:outline-offset-1 aria-invalid:border-accent",
);

interface TextFieldProps extends ComponentProps<"input"> {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly errors?: readonly string[] | undefined;
}

/** A labelled input whose hint and errors are read out with it. */
export function TextField({ label, hint, errors = [], className, ...input }: TextFieldProps) {
  const hintId = `${input.name}-hint`;
  const errorId = `${input.name}-error`;
  const isInvalid = errors.length > 0;
  const describedBy = cn(hint && hintId, isInvalid && errorId) || undefined;
  return (
    <div className={className}>
      <label htmlFor={input.name} className="mb-1.5 block text-sm font-semibold">
        {label}
      </label>
      <input
        id={input.name}
        aria-invalid={isInvalid || undefined}
        aria-describedby={describedBy}
        className={cn(inputStyle, "h-11")}
        {...input}
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
