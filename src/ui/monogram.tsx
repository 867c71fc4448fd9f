import { cn } from "@/lib/cn.ts";
import { initials } from "@/lib/text/text.ts";

/** A person's initials. Hidden from screen readers, since the name is shown beside it. */
export function Monogram({ name, className }: { name: string; className?: string }) {
  return (
    <span
      aria-hidden
      className={cn(
        "inline-grid weak:size-8 shrink-0 place-items-center rounded-full border border-rule bg-raised",
        "font-serif weak:text-xs leading-none font-medium tracking-wide text-ink-soft italic",
        className,
      )}
    >
      {initials(name)}
    </span>
  );
}
