import { cn } from "@/lib/cn.ts";

/** Number of characters; above the limit, the excess. */
export function Counter({ id, length, limit }: { id: string; length: number; limit: number }) {
  const overBy = length - limit;
  return (
    <span
      id={id}
      className={cn(
        "text-xs tabular-nums",
        overBy > 0 ? "font-semibold text-danger" : "text-ink-faint",
      )}
    >
      {overBy > 0
        ? `${overBy.toLocaleString("en")} too many`
        : `${length.toLocaleString("en")} / ${limit.toLocaleString("en")}`}
    </span>
  );
}
