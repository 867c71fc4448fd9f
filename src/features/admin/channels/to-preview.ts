import type { RolloutPreview } from "querycast/server";
import { liveDataList } from "@/channels/index.ts";
import type { ChangePreview } from "./schema.ts";

/** Converts a preview to the titles of the live data that loses its updates. */
export function toPreview({
  affected,
  isExact,
  kinds,
  countsOneProcess,
}: RolloutPreview & Pick<ChangePreview, "countsOneProcess">): ChangePreview {
  const isLost = (kind: string, signal: string) =>
    kinds.some((each) => each.kind === kind && each.signals.includes(signal));
  const losses = liveDataList
    .filter(({ on }) =>
      Object.entries(on).some(([kind, signals]) =>
        Object.keys(signals).some((signal) => isLost(kind, signal)),
      ),
    )
    .map(({ title }) => title);
  const grows = kinds.some((each) => each.grows);
  return { ...affected, losses, isExact, grows, countsOneProcess };
}
