import type { SignalFilter } from "./schema.ts";

export const signalLogKeys = {
  list: (filter: SignalFilter) => ["signal-log", "list", filter] as const,
  state: ["signal-log", "state"] as const,
  poisoned: ["signal-log", "poisoned"] as const,
  skipped: ["signal-log", "skipped"] as const,
  trace: (place: string) => ["signal-log", "trace", place] as const,
};
