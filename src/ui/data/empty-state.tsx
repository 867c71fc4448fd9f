import type { ReactNode } from "react";

interface EmptyStateProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  /** Whether it is the whole page. Its title is then the heading of the page. */
  readonly isPage?: boolean;
}

/** Replaces an empty list: a title, and what to do next. */
export function EmptyState({ title, children, action, isPage = false }: EmptyStateProps) {
  const Title = isPage ? "h1" : "p";
  return (
    <div className="border-y border-rule py-14 text-center">
      <p aria-hidden className="font-serif text-2xl text-ink-faint">
        ⁂
      </p>
      <Title className="mt-3 font-serif text-xl">{title}</Title>
      {children && <div className="mx-auto mt-2 max-w-[44ch] text-ink-soft">{children}</div>}
      {action && <div className="mt-6">{action}</div>}
    </div>
  );
}
