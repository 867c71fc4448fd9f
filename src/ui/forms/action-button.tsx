"use client";

import type { ComponentProps, MouseEvent } from "react";
import { useCanAct } from "../data/use-page-status.ts";
import { Button } from "./button.tsx";

/**
 * A button that calls a server action, submits a form to one, or asks whether to. It does nothing while the server
 * would refuse every action of the page. It stays focusable, and the form keeps its text.
 */
export function ActionButton(props: ComponentProps<typeof Button>) {
  return <Button {...props} {...(!useCanAct() && refused)} />;
}

// A submit button that is clicked, also by Enter in a field of its form, submits nothing.
const refused = {
  "aria-disabled": true,
  onClick: (event: MouseEvent) => event.preventDefault(),
};
