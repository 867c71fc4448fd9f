"use client";

import { cloneElement, type ReactNode, useState } from "react";
import { Button } from "../forms/button.tsx";
import { Modal } from "./modal.tsx";
import type { Trigger } from "./popover.tsx";

interface ConfirmDialogProps {
  /** A button that opens the dialog. The focus returns to it. */
  readonly trigger: Trigger;
  readonly title: string;
  readonly children: ReactNode;
  /** A verb: "Delete". */
  readonly confirmLabel: string;
  readonly onConfirm: () => void;
  /** Called after confirming, to move the focus when the trigger no longer exists. */
  readonly focusAfterwards: () => void;
}

const yes = "yes";

/** Confirms an action that cannot be undone. The cancel button has the initial focus. */
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
