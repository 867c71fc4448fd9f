import type { RealtimeState } from "querycast";
import type { useRealtimeState } from "querycast/react";
import { nameParts } from "./name-parts.ts";

type PageState = ReturnType<typeof useRealtimeState>;
type PartlyLive = Extract<PageState, { status: "partly-live" }>;

export interface StateDescription {
  readonly name: string;
  readonly meaning: string;
  /** Fill level of the icon, 0 to 1. */
  readonly level: number;
  readonly isMoving: boolean;
}

type Status = RealtimeState["status"];
type OfflineReason = Extract<RealtimeState, { status: "offline" }>["reason"];

const still = { isMoving: false };
const moving = { isMoving: true };

const byStatus: Record<Exclude<Status, "offline">, StateDescription> = {
  connecting: {
    name: "Connecting",
    meaning: "Opening the live connection. The page shows the state from when you opened it.",
    level: 0.35,
    ...moving,
  },
  "catching-up": {
    name: "Catching up",
    meaning: "Connected. Loading the changes you missed.",
    level: 0.65,
    ...moving,
  },
  live: {
    name: "Live",
    meaning: "Connected. The live parts of this page are up to date.",
    level: 1,
    ...still,
  },
  degraded: {
    name: "Not live",
    meaning: "The live connection is down. It is retried, and the page updates twice a minute.",
    level: 0.35,
    ...still,
  },
};

const byReason: Record<OfflineReason, Pick<StateDescription, "name" | "meaning">> = {
  idle: { name: "No live content", meaning: "Nothing on this page needs a live connection." },
  off: {
    name: "Not live",
    meaning:
      "Live updates are switched off. The page updates when you return to it, and every few minutes.",
  },
  "no-transport": {
    name: "Updated on focus",
    meaning:
      "This site runs without a live connection. The page updates when you open it and when you return to it.",
  },
  "no-network": {
    name: "Offline",
    meaning: "Your device has no network. The page shows the last state that was loaded.",
  },
  "signed-out": {
    name: "Signed out",
    meaning: "Your session has ended. Sign in again for live updates.",
  },
  closed: {
    name: "Closed",
    meaning: "The live connection is closed. Reload the page to open it again.",
  },
};

/** The name and the meaning of each state, for the indicator. */
export function describeState(state: PageState): StateDescription {
  if (state.status === "offline") return { ...byReason[state.reason], level: 0, ...still };
  return state.status === "partly-live" ? describePartly(state) : byStatus[state.status];
}

function describePartly({ liveQueries, notLive }: PartlyLive): StateDescription {
  const keysIn = (...statuses: readonly string[]) =>
    notLive.filter(({ state }) => statuses.includes(state.status)).map(({ queryKey }) => queryKey);
  const sentences = [
    sentence(keysIn("off"), (parts) => `Live updates are off for ${parts}.`),
    sentence(keysIn("denied"), (parts) => `You have no live access to ${parts}.`),
    sentence(
      keysIn("polling"),
      (parts) => `Live delivery is down for ${parts}. The page updates twice a minute.`,
    ),
    sentence(keysIn("not-live"), (parts) => `The last update failed or is late for ${parts}.`),
    sentence(keysIn("offline", "catching-up"), (parts) => `Not yet live: ${parts}.`),
  ];
  const isPart = liveQueries > 0;
  return {
    name: isPart ? "Partly live" : "Not live",
    meaning: [...sentences, isPart ? "The rest of the page is live." : ""]
      .filter(Boolean)
      .join(" "),
    level: isPart ? 0.65 : 0.35,
    ...still,
  };
}

const sentence = (keys: readonly (readonly unknown[])[], say: (parts: string) => string): string =>
  keys.length > 0 ? say(nameParts(keys)) : "";
