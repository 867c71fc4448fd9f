import type { RolloutPreview } from "querycast/server";
import { isLive, type Row } from "@/channels/live-row.ts";
import type { ChangePreview } from "./schema.ts";

/** Converts a preview to the titles of the inventory rows that lose live updates. */
export function toPreview(
  { affected, isExact, kinds }: RolloutPreview,
  rows: readonly Row[],
): ChangePreview {
  const isLost = (kind: string, signal: string) =>
    kinds.some((each) => each.kind === kind && each.signals.includes(signal));
  const losses = rows
    .filter(isLive)
    .filter(({ definitions }) =>
      Object.entries(definitions).some(([kind, { signals }]) =>
        [...signals.keys()].some((signal) => isLost(kind, signal)),
      ),
    )
    .map(({ title }) => title);
  return { ...affected, losses, isExact, grows: kinds.some(({ grows }) => grows) };
}
