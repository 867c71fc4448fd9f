"use client";

import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { cn } from "@/lib/cn.ts";
import { sheet } from "./popover.tsx";

interface ModalProps {
  /** An alert dialog does not close by a click outside. */
  readonly role: "dialog" | "alertdialog";
  readonly title: string;
  readonly children: ReactNode;
  readonly className: string;
  /** Called after closing. `answer` is the value of the button that closed it, or empty. */
  readonly onClose: (answer: string) => void;
}

/**
 * A modal dialog that is open while it is mounted. The browser traps the focus, closes the dialog by Escape
 * and by buttons of a `<form method="dialog">`, and restores the focus.
 */
export function Modal({ role, title, children, className, onClose }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useLayoutEffect(() => {
    const shown = dialog.current;
    const { style, clientWidth } = document.documentElement;
    // Keeps the space of the scroll bar while the bar is hidden. Without a scroll bar it reserves none.
    style.setProperty("--gutter", clientWidth < innerWidth ? "stable" : "auto");
    shown?.showModal();
    return () => shown?.close(); // the browser restores the focus when it closes, not when it is removed
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the key for it
    <dialog
      ref={dialog}
      role={role}
      aria-labelledby={titleId}
      onClose={({ currentTarget }) => {
        // The event comes later. In development React has mounted the dialog a second time until then.
        if (!currentTarget.open) onClose(currentTarget.returnValue);
      }}
      onClick={({ target, currentTarget }) => {
        // A click on the backdrop has the dialog itself as target. A click inside has its content.
        if (role === "dialog" && target === currentTarget) currentTarget.close();
      }}
      className={cn(
        sheet,
        "m-auto p-0 backdrop:bg-[oklch(0.15_0.02_264/0.45)] backdrop:animate-appear",
        className,
      )}
    >
      <div className="p-6">
        <h2 id={titleId} className="font-serif text-xl font-semibold">
          {title}
        </h2>
        {children}
      </div>
    </dialog>
  );
}
