import type { RealtimeState } from "querycast";
import { expect, test } from "vitest";
import { describeState } from "./describe-state.ts";

const at = { lastCaughtUpAt: 1 };
const notLive: readonly RealtimeState[] = [
  { status: "connecting", ...at },
  { status: "catching-up", ...at },
  { status: "degraded", cause: "connection", ...at },
  { status: "degraded", cause: "channels", ...at },
  { status: "offline", reason: "no-network", ...at },
  { status: "offline", reason: "signed-out", ...at },
];

test("only a live page shows a full drop and says so", () => {
  expect(describeState({ status: "live", ...at })).toMatchObject({ name: "Live", level: 1 });
  for (const state of notLive) {
    const { name, level } = describeState(state);
    expect(name).not.toBe("Live");
    expect(level).toBeLessThan(1);
  }
});

test("offline says why, since each reason has another way out", () => {
  const reasons = ["idle", "off", "no-transport", "no-network", "signed-out", "closed"] as const;
  const meanings = reasons.map(
    (reason) => describeState({ status: "offline", reason, ...at }).meaning,
  );
  expect(new Set(meanings).size).toBe(reasons.length);
});
