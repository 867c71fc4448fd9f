"use client";

import { AlertDialog } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn.ts";
import { Button } from "./button.tsx";
import { sheet } from "./menu.tsx";

interface ConfirmDialogProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly title: string;
  readonly children: ReactNode;
  /** What the button does, as a verb: "Delete comment". */
  readonly confirmLabel: string;
  readonly onConfirm: () => void;
  /** Called instead of returning the focus to the trigger, which may be gone by then. */
  readonly onCloseAutoFocus?: (event: Event) => void;
}

/** Asks before something that cannot be undone. Escape and the way out come first. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  return (
    <AlertDialog.Root open={props.isOpen} onOpenChange={props.onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-40 animate-appear bg-[oklch(0.15_0.02_264/0.45)]" />
        <AlertDialog.Content
          {...(props.onCloseAutoFocus && { onCloseAutoFocus: props.onCloseAutoFocus })}
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
              <Button look="danger" onClick={props.onConfirm}>
                {props.confirmLabel}
              </Button>
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
