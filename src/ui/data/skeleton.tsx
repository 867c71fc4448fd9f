import { cn } from "@/lib/cn.ts";

/** A placeholder for one line of text. */
export function Bar({ className }: { className?: string }) {
  return <div className={cn("h-[0.8em] animate-breathe rounded-xs bg-sunk", className)} />;
}

/** A placeholder for a list that is loading. Screen readers read `label` once. */
export function SkeletonList({ label, rows = 5 }: { label: string; rows?: number }) {
  return (
    <div role="status" aria-label={label} className="divide-y divide-rule">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars are all the same and never move
        <div key={row} className="space-y-3 py-7">
          <Bar className="w-24 text-xs" />
          <Bar className="w-4/5 text-xl" />
          <Bar className="w-full" />
          <Bar className="w-2/3" />
        </div>
      ))}
    </div>
  );
}
