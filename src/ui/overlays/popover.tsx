"use client";

import {
  type ComponentProps,
  cloneElement,
  type FocusEvent,
  type ReactElement,
  type ReactNode,
  type ToggleEvent,
  useId,
  useState,
} from "react";
import { flushSync } from "react-dom";
import { cn } from "@/lib/cn.ts";

export const sheet =
  "z-50 rounded-sm border border-rule bg-raised weak:p-1.5 text-ink shadow-sheet animate-appear";

export type Trigger = ReactElement<ComponentProps<"button">>;

interface PopoverProps extends Pick<ComponentProps<"div">, "onClick" | "onKeyDown"> {
  /** A button that opens the popover. */
  readonly trigger: Trigger;
  readonly children: ReactNode;
  readonly className?: string;
  readonly role?: "dialog" | "menu";
}

/**
 * Sets `autofocus` before the popover opens, so that no key press is lost. React does not write the
 * attribute.
 */
const takeFocus = (sheet: HTMLElement | null) => sheet?.setAttribute("autofocus", "");

/**
 * A popover of the browser, opened by a button. It is in the top layer, closes by Escape and by a click
 * outside, restores the focus, and exposes its state to screen readers.
 */
export function Popover({
  trigger,
  children,
  className,
  role = "dialog",
  ...handlers
}: PopoverProps) {
  const id = useId();
  const labelId = `${id}-label`;
  const [isOpen, setIsOpen] = useState(false);
  const onToggle = ({ newState, currentTarget }: ToggleEvent<HTMLElement>) => {
    // The popover has restored the focus before this event, so its content can be unmounted.
    if (newState === "closed") return setIsOpen(false);
    // A key press may have moved the focus already.
    if (document.activeElement !== currentTarget) return;
    currentTarget.querySelector<HTMLElement>("a, button")?.focus();
  };
  const onBlur = ({ relatedTarget, currentTarget }: FocusEvent) => {
    if (!relatedTarget || currentTarget.contains(relatedTarget)) return;
    // A click on the trigger toggles the popover without this handler.
    if (relatedTarget.id !== labelId) (currentTarget as HTMLElement).hidePopover();
  };
  return (
    <>
      {cloneElement(trigger, { id: labelId, popoverTarget: id, "aria-haspopup": role })}
      {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useAriaPropsSupportedByRole: it has a role, of two */}
      <div
        {...handlers}
        id={id}
        popover="auto"
        role={role}
        aria-labelledby={labelId}
        tabIndex={-1}
        ref={takeFocus}
        onBeforeToggle={({ newState }) => newState === "open" && flushSync(() => setIsOpen(true))}
        onToggle={onToggle}
        onBlur={onBlur}
        className={cn(sheet, "hanging outline-none", className)}
      >
        {isOpen && children}
      </div>
    </>
  );
}
