import { useId } from "react";
import { cn } from "@/lib/cn.ts";

const height = 28;

interface InkDropProps {
  /** Fill level, 0 to 1. */
  readonly level: number;
  readonly isMoving: boolean;
}

/** An icon whose fill level shows the connection state, so that colour is not needed. */
export function InkDrop({ level, isMoving }: InkDropProps) {
  const clipId = useId();
  const outline =
    "M10 1.5C12.4 8.3 18.500 12.400 18.500 18.500A8.500 8 0 0 1 1.500 18.500C1.500 12.400 7.600 8.300 10 1.500Z";
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 20 ${height}`}
      className={cn("h-[1.125rem] w-auto overflow-visible", isMoving && "animate-breathe")}
    >
      <clipPath id={clipId}>
        <rect
          x="0"
          y={height - level * height}
          width="20"
          height={height}
          className="transition-[y] duration-300"
        />
      </clipPath>
      <path
        d={outline}
        className={level === 1 && !isMoving ? "fill-live" : "fill-ink-faint"}
        clipPath={`url(#${clipId})`}
      />
      <path d={outline} fill="none" strokeWidth="1.8" className="stroke-current" />
    </svg>
  );
}
