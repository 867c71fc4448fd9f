import type { RolloutPreview } from "querycast/server";
import { liveDataList } from "@/channels/index.ts";
import type { ChangePreview } from "./schema.ts";

/** Converts a preview to the titles of the live data that loses its updates. */
export function toPreview({ affected, isExact, kinds }: RolloutPreview): ChangePreview {
  const isLost = (kind: string, signal: string) =>
    kinds.some((each) => each.kind === kind && each.signals.includes(signal));
  const losses = liveDataList
    .filter(({ on }) =>
      Object.entries(on).some(([kind, signals]) =>
        Object.keys(signals).some((signal) => isLost(kind, signal)),
      ),
    )
    .map(({ title }) => title);
  return { ...affected, losses, isExact, grows: kinds.some(({ grows }) => grows) };
}
