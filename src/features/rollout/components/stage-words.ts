import type { Stage } from "@/lib/stage.ts";

export function stageWords(stage: Stage): string {
  switch (stage.status) {
    case "off":
      return "Off";
    case "staff":
      return "On for staff";
    case "percent":
      return `On for ${stage.percent} % of people`;
    case "on":
      return "On";
  }
}
