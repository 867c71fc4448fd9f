"use client";

import { Dialog } from "radix-ui";
import { useState } from "react";
import { cn } from "@/lib/cn.ts";
import { Button } from "@/ui/button.tsx";
import { sheet } from "@/ui/menu.tsx";
import type { Shortcut } from "./list.ts";

interface ShortcutSheetProps {
  readonly shortcuts: readonly Shortcut[];
  readonly isOn: boolean;
  readonly onTurn: (on: boolean) => void;
  readonly onClose: () => void;
}

/** The list of keys. Whatever had the focus before has it again afterwards. */
export function ShortcutSheet({ shortcuts, isOn, onTurn, onClose }: ShortcutSheetProps) {
  const [before] = useState(() => document.activeElement);
  return (
    <Dialog.Root open onOpenChange={onClose}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-appear bg-[oklch(0.15_0.02_264/0.45)]" />
        <Dialog.Content
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (before instanceof HTMLElement) before.focus();
          }}
          className={cn(
            sheet,
            "fixed top-1/2 left-1/2 max-h-[calc(100dvh-2rem)] w-[min(24rem,calc(100vw-2rem))] -translate-1/2 overflow-y-auto p-6",
          )}
        >
          <Dialog.Title className="font-serif text-xl font-semibold">
            Keyboard shortcuts
          </Dialog.Title>
          <dl className={cn("mt-4 space-y-2 text-sm", !isOn && "text-ink-faint")}>
            {shortcuts.map(({ keys, title }) => (
              <div key={title} className="leaders">
                <dt>{title}</dt>
                <dd className="space-x-1.5">
                  {keys.map((key, index) => (
                    <Key key={index === 0 ? "first" : "second"}>{key}</Key>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
          <div className="mt-6 flex flex-wrap items-center justify-between gap-3">
            <label className="inline-flex items-center gap-2 text-sm">
              <input
                type="checkbox"
                checked={isOn}
                onChange={(event) => onTurn(event.target.checked)}
              />
              Listen to these keys
            </label>
            <Dialog.Close asChild>
              <Button look="quiet" size="sm">
                Close
              </Button>
            </Dialog.Close>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Key({ children }: { children: string }) {
  return (
    <kbd className="inline-block min-w-6 rounded-xs border border-rule bg-sunk px-1.5 text-center font-mono text-xs">
      {children}
    </kbd>
  );
}
