import type { KindOptions } from "querycast";
import type { Stage } from "@/lib/stage.ts";
import { count } from "@/lib/text/text.ts";

export function stageWords(stage: Stage): string {
  switch (stage.status) {
    case "off":
      return "Off";
    case "staff":
      return "Staff only";
    case "percent":
      return `On for ${stage.percent} % of people`;
    case "on":
      return "On";
  }
}

/** Empty without limits. */
export function optionWords({ framesPerSecond, replayAtMost }: KindOptions): string {
  const limits = [
    ...(framesPerSecond === undefined ? [] : [`${count(framesPerSecond, "message")} per second`]),
    ...(replayAtMost === undefined ? [] : [`${count(replayAtMost, "signal")} replayed`]),
  ];
  return limits.length === 0 ? "" : `At most ${limits.join(", ")}`;
}
