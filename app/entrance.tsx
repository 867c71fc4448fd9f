import type { ReactNode } from "react";

interface EntranceProps {
  readonly title: string;
  readonly lead: string;
  readonly children: ReactNode;
}

/** Layout of the sign-in and sign-up pages. */
export function Entrance({ title, lead, children }: EntranceProps) {
  return (
    <div className="mx-auto max-w-3xl">
      <h1 className="font-serif text-3xl font-medium tracking-tight">{title}</h1>
      <div className="max-w-sm">
        <p className="mt-2 mb-8 font-serif text-lg text-ink-soft">{lead}</p>
        {children}
      </div>
    </div>
  );
}

/** Separates two alternatives. */
export function Or() {
  return (
    <p className="my-6 flex items-center gap-4 text-xs text-ink-faint before:flex-1 before:border-t before:border-rule after:flex-1 after:border-t after:border-rule">
      or
    </p>
  );
}
