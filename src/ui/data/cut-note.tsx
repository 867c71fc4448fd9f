import type { ReactNode } from "react";
import { listedAtMost } from "@/lib/list-limits.ts";

interface CutNoteProps {
  readonly rows: readonly unknown[] | undefined;
  /** Rows that the read returns at most. Default 200. */
  readonly most?: number;
  /** Which rows are shown, as a sentence. */
  readonly children: ReactNode;
}

/** A sentence below a list that is full, since there may be further rows. */
export function CutNote({ rows, most = listedAtMost, children }: CutNoteProps) {
  if (rows === undefined || rows.length < most) return null;
  return <p className="mt-4 text-sm text-ink-soft">{children}</p>;
}
