import { type ChannelRef, contract } from "querycast";
import { channels, kinds } from "./index.ts";

/** The channel of a name; undefined for a name that matches no pattern of a channel kind. */
export function parseChannelName(name: string): ChannelRef | undefined {
  try {
    return channels[contract].parse(name);
  } catch {
    return undefined;
  }
}

/** Whether a name matches the pattern of a channel kind, with valid parameters. */
export function isChannelName(name: string): boolean {
  return parseChannelName(name) !== undefined;
}

const patterns = Object.values(kinds).map(({ pattern }) =>
  pattern.replaceAll(/\{(\w+)\}/g, "<$1>"),
);

/** Error message for a name that is not a channel of the site. */
export function noSuchChannel(name: string): string {
  const shown = name.length > 80 ? `${name.slice(0, 80)}…` : name;
  return `Unknown channel "${shown}". Use one of ${patterns.join(", ")}, with UUIDs as ids.`;
}
