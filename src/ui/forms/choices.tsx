import { cn } from "@/lib/cn.ts";
import { Link } from "../link.tsx";
import { LinkHint } from "../link-hint.tsx";

interface ChoicesProps {
  /** What the links choose between, for screen readers. */
  readonly label: string;
  readonly choices: readonly {
    readonly href: string;
    readonly label: string;
    readonly isCurrent: boolean;
  }[];
  readonly className?: string;
}

/** A row of links that switch between views of one page. */
export function Choices({ label, choices, className }: ChoicesProps) {
  return (
    <nav
      aria-label={label}
      className={cn(
        "flex flex-wrap gap-x-5 text-sm weak:border-t-2 weak:border-ink weak:pt-2.5",
        className,
      )}
    >
      {choices.map((choice) => (
        <Link
          key={choice.href}
          href={choice.href}
          aria-current={choice.isCurrent ? "page" : undefined}
          className={cn(
            "py-1",
            choice.isCurrent
              ? "font-semibold underline decoration-accent decoration-2 underline-offset-6"
              : "text-link",
          )}
        >
          {choice.label}
          <LinkHint />
        </Link>
      ))}
    </nav>
  );
}
