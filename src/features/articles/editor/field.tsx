import { type ReactNode, useId } from "react";

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly errors: readonly string[];
  /** Receives the id that connects the counter with the field for screen readers. */
  readonly counter?: (id: string) => ReactNode;
  /** Receives the props that connect the control with its label, hint, counter and errors. */
  readonly children: (props: {
    readonly id: string;
    readonly "aria-invalid": true | undefined;
    readonly "aria-describedby": string | undefined;
  }) => ReactNode;
}

/** A control with label, hint, counter and errors. */
export function Field({ label, hint, errors, counter, children }: FieldProps) {
  const id = useId();
  const isInvalid = errors.length > 0;
  const describedBy = [
    hint && `${id}-hint`,
    counter && `${id}-counter`,
    isInvalid && `${id}-error`,
  ].filter(Boolean);
  return (
    <div>
      <div className="mb-1.5 flex items-baseline justify-between gap-4">
        <label htmlFor={id} className="text-sm font-semibold">
          {label}
        </label>
        {counter?.(`${id}-counter`)}
      </div>
      {children({
        id,
        "aria-invalid": isInvalid || undefined,
        "aria-describedby": describedBy.join(" ") || undefined,
      })}
      {hint && (
        <p id={`${id}-hint`} className="mt-1.5 text-xs text-ink-faint">
          {hint}
        </p>
      )}
      {isInvalid && (
        <p id={`${id}-error`} className="mt-1.5 text-xs font-medium text-danger">
          {errors.join(" ")}
        </p>
      )}
    </div>
  );
}
