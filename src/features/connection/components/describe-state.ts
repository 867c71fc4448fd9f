import type { RealtimeState } from "querycast";

export interface StateDescription {
  readonly name: string;
  readonly meaning: string;
  /** How full the drop is, 0 to 1. */
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
    meaning: "The live connection is being opened. The page is as it was when you opened it.",
    level: 0.35,
    ...moving,
  },
  "catching-up": {
    name: "Catching up",
    meaning: "Connected. What you missed is being read.",
    level: 0.65,
    ...moving,
  },
  live: {
    name: "Live",
    meaning: "Comments and notifications appear here as they are written.",
    level: 1,
    ...still,
  },
  degraded: {
    name: "Not live",
    meaning: "The live connection is down and is being tried again. Pages are read twice a minute.",
    level: 0.35,
    ...still,
  },
};

const byReason: Record<OfflineReason, string> = {
  idle: "Nothing on this page needs a live connection.",
  off: "Live updates are switched off for this page. It is read when you open it.",
  "no-transport": "This site runs without a live connection. Pages are read when you open them.",
  "no-network": "Your device has no network. The page is as it was when it was last read.",
  "signed-out": "Your session has ended. Sign in again for a live page.",
  closed: "The live connection is closed. Reload the page to open it.",
};

/** What the indicator says, for every state there is. */
export function describeState(state: RealtimeState): StateDescription {
  if (state.status !== "offline") return byStatus[state.status];
  return { name: "Offline", meaning: byReason[state.reason], level: 0, ...still };
}
