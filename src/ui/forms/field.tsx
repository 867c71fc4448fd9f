import { type ReactNode, useId } from "react";
import { cn } from "@/lib/cn.ts";

/** The texts of a field. */
export interface FieldTexts {
  readonly label: ReactNode;
  /** Shown while there are no errors. */
  readonly hint?: string;
  readonly errors?: readonly string[] | undefined;
}

interface FieldProps extends FieldTexts {
  readonly className?: string | undefined;
  /** @param control props that connect the control with its label, hint and errors */
  readonly children: (control: {
    readonly id: string;
    readonly "aria-invalid": true | undefined;
    readonly "aria-describedby": string | undefined;
  }) => ReactNode;
}

/** A label, a control, and its hint or errors. Screen readers read the hint or errors with the control. */
export function Field({ label, hint, errors = [], className, children }: FieldProps) {
  const id = useId();
  const isInvalid = errors.length > 0;
  const noteId = `${id}-note`;
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block text-sm font-semibold">
        {label}
      </label>
      {children({
        id,
        "aria-invalid": isInvalid || undefined,
        "aria-describedby": hint || isInvalid ? noteId : undefined,
      })}
      {(hint || isInvalid) && (
        <p
          id={noteId}
          className={cn("mt-1.5 text-xs", isInvalid ? "font-medium text-danger" : "text-ink-faint")}
        >
          {isInvalid ? errors.join(" ") : hint}
        </p>
      )}
    </div>
  );
}
