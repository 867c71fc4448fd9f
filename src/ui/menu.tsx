"use client";

import { Check } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/lib/cn.ts";

const item = [
  "flex w-full items-center gap-3 rounded-xs px-3 py-2 text-sm outline-none select-none",
  "data-highlighted:bg-sunk data-highlighted:text-accent-strong [&_svg]:size-4 [&_svg]:shrink-0",
];

export const sheet =
  "z-50 rounded-sm border border-rule bg-raised p-1.5 text-ink shadow-sheet animate-appear";

/** A menu that hangs from a button. `trigger` is one focusable element. */
export function Menu({ trigger, children }: { trigger: ReactNode; children: ReactNode }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={8}
          collisionPadding={12}
          className={cn(sheet, "min-w-52")}
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

export function MenuItem({ className, ...props }: ComponentProps<typeof DropdownMenu.Item>) {
  return <DropdownMenu.Item className={cn(item, className)} {...props} />;
}

export function MenuChoices(props: ComponentProps<typeof DropdownMenu.RadioGroup>) {
  return <DropdownMenu.RadioGroup {...props} />;
}

export function MenuChoice({
  children,
  className,
  ...props
}: ComponentProps<typeof DropdownMenu.RadioItem>) {
  return (
    <DropdownMenu.RadioItem className={cn(item, className)} {...props}>
      {children}
      <DropdownMenu.ItemIndicator className="ml-auto text-accent">
        <Check aria-hidden />
      </DropdownMenu.ItemIndicator>
    </DropdownMenu.RadioItem>
  );
}

export function MenuRule() {
  return <DropdownMenu.Separator className="my-1.5 border-t border-rule" />;
}

export function MenuLabel({ className, ...props }: ComponentProps<typeof DropdownMenu.Label>) {
  return <DropdownMenu.Label className={cn("px-3 py-2", className)} {...props} />;
}
