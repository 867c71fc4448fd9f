import type { ReactNode } from "react";
import { cn } from "@/lib/cn.ts";

interface NoticeProps {
  readonly children: ReactNode;
  /** `alert` interrupts a screen reader. Use it for errors. */
  readonly role?: "alert" | "status";
  readonly className?: string;
}

/** A message or error beside the element it concerns. */
export function Notice({ children, role = "alert", className }: NoticeProps) {
  return (
    <div
      role={role}
      className={cn("border-l-3 border-accent bg-wash px-4 py-3 text-sm text-ink", className)}
    >
      {children}
    </div>
  );
}
