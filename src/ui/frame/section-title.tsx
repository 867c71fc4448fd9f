import type { ReactNode } from "react";
import { cn } from "@/lib/cn.ts";

interface SectionTitleProps {
  readonly children: ReactNode;
  readonly id?: string;
  /** Placed at the end of the line: a number or a link. */
  readonly aside?: ReactNode;
  readonly className?: string;
}

/** A heading in small capitals under a rule. */
export function SectionTitle({ children, id, aside, className }: SectionTitleProps) {
  return (
    <div
      className={cn(
        "flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 weak:border-t-2 border-ink weak:pt-2.5",
        className,
      )}
    >
      <h2 id={id} className="label-caps">
        {children}
      </h2>
      {aside}
    </div>
  );
}
