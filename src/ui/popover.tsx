"use client";

import { Popover as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn.ts";
import { sheet } from "./menu.tsx";

interface PopoverProps {
  /** One focusable element. */
  readonly trigger: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A small sheet with something to read, opened by a button. */
export function Popover({ trigger, children, className }: PopoverProps) {
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          align="end"
          sideOffset={8}
          collisionPadding={12}
          className={cn(sheet, "w-72 p-4 text-sm", className)}
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
