"use client";

import { cloneElement, type ReactNode, useState } from "react";
import { Button } from "./button.tsx";
import { Modal } from "./modal.tsx";
import type { Trigger } from "./popover.tsx";

interface ConfirmDialogProps {
  /** One button, which opens the dialog and gets the focus back. */
  readonly trigger: Trigger;
  readonly title: string;
  readonly children: ReactNode;
  /** What happens, as a verb: "Delete". */
  readonly confirmLabel: string;
  readonly onConfirm: () => void;
  /** Moves the focus after confirming, when the trigger is gone by then. */
  readonly focusAfterwards: () => void;
}

const yes = "yes";

/** Asks before something that cannot be undone. The way out has the focus first. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const [isOpen, setIsOpen] = useState(false);
  const close = (answer: string) => {
    setIsOpen(false);
    if (answer !== yes) return;
    props.onConfirm();
    props.focusAfterwards();
  };
  return (
    <>
      {cloneElement(props.trigger, { onClick: () => setIsOpen(true), "aria-haspopup": "dialog" })}
      {isOpen && (
        <Modal role="alertdialog" title={props.title} onClose={close} className="w-[26rem]">
          <p className="mt-2 text-ink-soft">{props.children}</p>
          <form method="dialog" className="mt-6 flex flex-wrap justify-end gap-3">
            <Button type="submit" look="quiet">
              Cancel
            </Button>
            <Button type="submit" look="danger" value={yes}>
              {props.confirmLabel}
            </Button>
          </form>
        </Modal>
      )}
    </>
  );
}
