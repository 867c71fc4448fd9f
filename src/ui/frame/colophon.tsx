import type { ReactNode } from "react";

/** The footer of every page. `children` are placed at its end. */
export function Colophon({ children }: { children: ReactNode }) {
  return (
    <footer className="page-frame mt-auto pt-20 pb-10">
      <div className="flex flex-wrap items-baseline justify-between gap-x-8 gap-y-2 border-t border-rule pt-4 text-xs text-ink-faint">
        <p>
          <span className="font-serif text-sm text-ink italic">Inkwell</span> is written by people
          who build software.
        </p>
        <p>Set in Newsreader, Schibsted Grotesk and JetBrains Mono.</p>
        {children}
      </div>
    </footer>
  );
}
