import Link from "next/link";
import { cn } from "@/lib/cn.ts";
import { LinkHint } from "./link-hint.tsx";

interface ChoicesProps {
  /** What the links choose between, for screen readers. */
  readonly label: string;
  readonly choices: readonly {
    readonly href: string;
    readonly label: string;
    readonly isCurrent: boolean;
  }[];
}

/** A row of links that switch between views of one page. */
export function Choices({ label, choices }: ChoicesProps) {
  return (
    <nav aria-label={label} className="flex flex-wrap gap-x-5 border-t-2 border-ink pt-2.5 text-sm">
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
