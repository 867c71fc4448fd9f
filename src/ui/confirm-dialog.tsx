"use client";

import { AlertDialog } from "radix-ui";
import { type ReactNode, useRef } from "react";
import { cn } from "@/lib/cn.ts";
import { Button } from "./button.tsx";
import { sheet } from "./menu.tsx";

interface ConfirmDialogProps {
  /** One button, which opens the dialog and gets the focus back. */
  readonly trigger: ReactNode;
  readonly title: string;
  readonly children: ReactNode;
  /** What happens, as a verb: "Delete". */
  readonly confirmLabel: string;
  readonly onConfirm: () => void;
  /** Moves the focus after confirming, when the trigger is gone by then. */
  readonly focusAfterwards: () => void;
}

/** Asks before something that cannot be undone. The way out has the focus first. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const isConfirmed = useRef(false);
  return (
    <AlertDialog.Root>
      <AlertDialog.Trigger asChild>{props.trigger}</AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-40 animate-appear bg-[oklch(0.15_0.02_264/0.45)]" />
        <AlertDialog.Content
          onCloseAutoFocus={(event) => {
            if (!isConfirmed.current) return;
            isConfirmed.current = false;
            event.preventDefault();
            props.focusAfterwards();
          }}
          className={cn(
            sheet,
            "fixed top-1/2 left-1/2 w-[min(26rem,calc(100vw-2rem))] -translate-1/2 p-6",
          )}
        >
          <AlertDialog.Title className="font-serif text-xl font-semibold">
            {props.title}
          </AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-ink-soft">
            {props.children}
          </AlertDialog.Description>
          <div className="mt-6 flex flex-wrap justify-end gap-3">
            <AlertDialog.Cancel asChild>
              <Button look="quiet">Keep it</Button>
            </AlertDialog.Cancel>
            <AlertDialog.Action asChild>
              <Button
                look="danger"
                onClick={() => {
                  isConfirmed.current = true;
                  props.onConfirm();
                }}
              >
                {props.confirmLabel}
              </Button>
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
