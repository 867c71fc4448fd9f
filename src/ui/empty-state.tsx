import type { ReactNode } from "react";

interface EmptyStateProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** What stands where a list has nothing to show yet: says so, and what would change it. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div className="border-y border-rule py-14 text-center">
      <p aria-hidden className="font-serif text-2xl text-ink-faint">
        ⁂
      </p>
      <p className="mt-3 font-serif text-xl">{title}</p>
      {children && <div className="mx-auto mt-2 max-w-[44ch] text-ink-soft">{children}</div>}
      {action && <div className="mt-6">{action}</div>}
    </div>
  );
}
