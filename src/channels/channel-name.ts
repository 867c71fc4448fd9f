import { contract, defineChannels } from "querycast";
import { kinds } from "./index.ts";

const registry = defineChannels(kinds);

/** Whether a name matches the pattern of a channel kind, with valid parameters. */
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

/** Error message for a name that is not a channel of the site. */
export function noSuchChannel(name: string): string {
  const shown = name.length > 80 ? `${name.slice(0, 80)}…` : name;
  return `Unknown channel "${shown}". Use one of ${patterns.join(", ")}, with UUIDs as ids.`;
}
