import type { LiveStatus, NotLive, PageState } from "querycast";
import { expect, test } from "vitest";
import { describeState } from "./describe-state.ts";

const at = { lastCaughtUpAt: 1 };
const reasons = ["idle", "off", "no-transport", "no-network", "signed-out", "closed"] as const;
const statuses: readonly LiveStatus[] = [
  { status: "catching-up" },
  { status: "polling", cause: "relay" },
  { status: "not-live" },
  { status: "off" },
  { status: "denied" },
  { status: "offline", reason: "idle" },
];
const notLiveStates: readonly PageState[] = [
  { status: "connecting", ...at },
  { status: "catching-up", ...at },
  { status: "degraded", cause: "connection", ...at },
  { status: "degraded", cause: "channels", ...at },
  ...reasons.map((reason) => ({ status: "offline", reason, ...at }) as const),
  ...statuses.flatMap((status) => [partly(status, 0), partly(status, 3)]),
];

function partly(status: LiveStatus, liveQueries: number, queryKey = ["comments"]): PageState {
  const one: NotLive = { queryHash: "h", queryKey, state: { ...status, lastReadAtMs: 1 } };
  return { status: "partly-live", liveQueries, notLive: [one], ...at };
}

test("S3.30 no state but live is called live or shows a full drop", () => {
  expect(describeState({ status: "live", ...at })).toMatchObject({ name: "Live", level: 1 });
  for (const state of notLiveStates) {
    const { name, meaning, level } = describeState(state);
    expect(name).not.toMatch(/^Live/);
    expect(meaning).not.toContain("up to date");
    expect(level).toBeLessThan(1);
  }
});

test("S3.30 a page that is partly live names the parts that are not", () => {
  const off = describeState(partly({ status: "off" }, 3));
  expect(off).toMatchObject({
    name: "Partly live",
    meaning: "Live updates are off for comments. The rest of the page is live.",
  });
  expect(describeState(partly({ status: "off" }, 0)).name).toBe("Not live");
  expect(describeState(partly({ status: "denied" }, 1, ["team-members"])).meaning).toBe(
    "You have no live access to team members. The rest of the page is live.",
  );
  const meanings = statuses.map((status) => describeState(partly(status, 1)).meaning);
  // "Not yet live" and "offline" have the same description.
  expect(new Set(meanings).size).toBe(statuses.length - 1);
});

test("each reason for being offline has its own meaning, and only a device without network is offline", () => {
  const all = reasons.map((reason) => describeState({ status: "offline", reason, ...at }));
  expect(new Set(all.map(({ meaning }) => meaning)).size).toBe(reasons.length);
  const offline = all.filter(({ name }) => name === "Offline");
  expect(offline).toEqual([all[reasons.indexOf("no-network")]]);
});
