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
  /** One button. */
  readonly trigger: Trigger;
  readonly children: ReactNode;
  readonly className?: string;
  readonly role?: "dialog" | "menu";
}

/** As it opens, and not a moment later, so that no key is lost. React keeps the attribute to itself. */
const takeFocus = (sheet: HTMLElement | null) => sheet?.setAttribute("autofocus", "");

/**
 * A small sheet that hangs from a button. The browser's own: it lies above everything, goes by Escape and
 * by a click elsewhere, gives the focus back, and tells screen readers whether it is open.
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
    // What has closed has given the focus back by now, and can go.
    if (newState === "closed") return setIsOpen(false);
    // A key that was pressed since may have moved on already.
    if (document.activeElement !== currentTarget) return;
    currentTarget.querySelector<HTMLElement>("a, button")?.focus();
  };
  const onBlur = ({ relatedTarget, currentTarget }: FocusEvent) => {
    if (!relatedTarget || currentTarget.contains(relatedTarget)) return;
    // A press of its own button closes it by itself.
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
