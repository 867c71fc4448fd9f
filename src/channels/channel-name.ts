import { contract, defineChannels } from "querycast";
import { kinds } from "./kinds.ts";

const registry = defineChannels(kinds);

/** Whether a name follows the pattern of a kind, with parameters that the kind takes. */
export function isChannelName(name: string): boolean {
  try {
    registry[contract].parse(name);
    return true;
  } catch {
    return false;
  }
}

const patterns = Object.values(kinds).map(({ pattern }) =>
  pattern.replaceAll(/\{(\w+)\}/g, "<$1>"),
);

/** What to show for a name that is no channel of the site. */
export function noSuchChannel(name: string): string {
  const shown = name.length > 80 ? `${name.slice(0, 80)}…` : name;
  return `No channel is named "${shown}". Channels are named like ${patterns.join(", ")}; ids are UUIDs.`;
}
