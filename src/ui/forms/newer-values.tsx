import type { ReactNode } from "react";
import { Notice } from "../notice.tsx";
import { Button } from "./button.tsx";

interface NewerValuesProps {
  /** The stored values. */
  readonly children: ReactNode;
  /** Fills the form with the stored values. */
  readonly onLoad: () => void;
}

/** The values that another person saved while a form was open. The form keeps what was typed until they are loaded. */
export function NewerValues({ children, onLoad }: NewerValuesProps) {
  return (
    <Notice role="status" className="space-y-3">
      {children}
      <Button look="quiet" size="sm" onClick={onLoad}>
        Replace my changes with these values
      </Button>
    </Notice>
  );
}
