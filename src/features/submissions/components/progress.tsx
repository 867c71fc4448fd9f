import { cn } from "@/lib/cn.ts";
import { progressOf, type SubmissionState } from "@/lib/publications/process.ts";

const words = { done: "done", current: "current", ahead: "not reached" } as const;

/** The stages of the process, with the current one marked. */
export function Progress({ state }: { state: SubmissionState }) {
  return (
    <ol aria-label="Progress" className="mt-6 grid grid-cols-5 gap-1.5">
      {progressOf(state).map(({ label, is }) => (
        <li
          key={label}
          aria-current={is === "current" ? "step" : undefined}
          className={cn(
            "border-t-4 pt-1.5 text-2xs sm:text-xs",
            is === "ahead" ? "border-rule text-ink-faint" : "border-accent text-ink",
            is === "current" && "font-semibold",
          )}
        >
          {label}
          <span className="sr-only">, {words[is]}</span>
        </li>
      ))}
    </ol>
  );
}
