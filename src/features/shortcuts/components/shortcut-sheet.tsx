"use client";

import { cn } from "@/lib/cn.ts";
import { Button } from "@/ui/forms/button.tsx";
import { Input } from "@/ui/forms/controls.tsx";
import { Modal } from "@/ui/overlays/modal.tsx";
import type { Shortcut } from "./list.ts";

interface ShortcutSheetProps {
  readonly shortcuts: readonly Shortcut[];
  readonly isOn: boolean;
  readonly onTurn: (on: boolean) => void;
  readonly onClose: () => void;
}

/** The list of shortcuts. Closing it restores the focus. */
export function ShortcutSheet({ shortcuts, isOn, onTurn, onClose }: ShortcutSheetProps) {
  return (
    <Modal role="dialog" title="Keyboard shortcuts" onClose={onClose} className="w-[24rem]">
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
      <form method="dialog" className="mt-6 flex flex-wrap items-center justify-between gap-3">
        <label className="inline-flex items-center gap-2 text-sm">
          <Input
            type="checkbox"
            checked={isOn}
            onChange={(event) => onTurn(event.target.checked)}
          />
          Enable shortcuts
        </label>
        <Button type="submit" look="quiet" size="sm">
          Close
        </Button>
      </form>
    </Modal>
  );
}

function Key({ children }: { children: string }) {
  return (
    <kbd className="inline-block min-w-6 rounded-xs border border-rule bg-sunk px-1.5 text-center font-mono text-xs">
      {children}
    </kbd>
  );
}
