import type { Stage } from "../stage.ts";

/** The rollout in the environment: `1:on,2:on,3:50%,4:staff,profile:off`. */
export interface RolloutText {
  readonly kinds: Record<string, Stage>;
  readonly phases: Record<number, Stage>;
}

/**
 * Parses stages by phase (a number) and channel kind (a word).
 *
 * @throws {TypeError} with the invalid entry and the allowed values.
 */
export function parseRolloutText(text: string): RolloutText {
  const read: RolloutText = { kinds: {}, phases: {} };
  for (const entry of text.split(",").map((part) => part.trim())) {
    const [, subject, stage] = /^([a-z0-9-]+):([a-z]+|\d{1,3}%)$/.exec(entry) ?? [];
    const parsed = stage === undefined ? undefined : parseStage(stage);
    if (subject === undefined || parsed === undefined) {
      throw new TypeError(
        `has the entry "${entry}". Give a phase or a channel kind and off, staff, a percentage or on, e.g. 3:50%.`,
      );
    }
    if (/^[1-9]\d*$/.test(subject)) read.phases[Number(subject)] = parsed;
    else read.kinds[subject] = parsed;
  }
  return read;
}

function parseStage(text: string): Stage | undefined {
  if (text === "off" || text === "staff" || text === "on") return { status: text };
  const percent = Number(text.slice(0, -1));
  return text.endsWith("%") && percent <= 100 ? { status: "percent", percent } : undefined;
}
