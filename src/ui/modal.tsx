"use client";

import { type ReactNode, useEffect, useId, useRef } from "react";
import { cn } from "@/lib/cn.ts";
import { sheet } from "./popover.tsx";

interface ModalProps {
  /** An alert wants an answer: it does not go by a click beside it. */
  readonly role: "dialog" | "alertdialog";
  readonly title: string;
  readonly children: ReactNode;
  readonly className: string;
  /** It has closed. `answer` is the value of the button that closed it, empty for any other way. */
  readonly onClose: (answer: string) => void;
}

/**
 * A dialog before a page that waits, open as long as it is mounted. The browser keeps the focus in it, closes
 * it by Escape and by buttons of a `<form method="dialog">`, and gives the focus back.
 */
export function Modal({ role, title, children, className, onClose }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const { style, clientWidth } = document.documentElement;
    // The room of a scroll bar stays when the bar goes; where there was none, none is made.
    style.setProperty("--gutter", clientWidth < innerWidth ? "stable" : "auto");
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the key for it
    <dialog
      ref={dialog}
      role={role}
      aria-labelledby={titleId}
      onClose={({ currentTarget }) => onClose(currentTarget.returnValue)}
      onClick={({ target, currentTarget }) => {
        // What lies behind belongs to the dialog itself, all that is in it to its content.
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
