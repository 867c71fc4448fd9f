import { expect, test } from "vitest";
import { channel, defineChannels } from "../protocol/channel.ts";
import { previewRollout } from "./preview-rollout.ts";
import { createRollout, type RolloutSettings } from "./rollout.ts";

const channels = defineChannels({
  user: channel("user.{userId}").signal("notification.created"),
  resource: channel("resource.{id}", { phase: 2 })
    .signal("comment.created")
    .signal("reaction.added", undefined, { phase: 3 }),
  site: channel("site").signal("rollout.changed"),
});
const counts = new Map([
  ["private-user.1.e0", 2],
  ["private-user.2.e3", 1],
  ["private-resource.7.e0", 200],
  ["private-site.e0", 203],
  ["private-querycast.e0", 1],
]);
const off = { status: "off" } as const;

async function preview(change: RolloutSettings, start: RolloutSettings = {}) {
  const view = await createRollout({ channels, control: "site", start }).current();
  return previewRollout({ channels, view, change, broker: { audience: async () => counts } });
}

test("a kind that is switched off loses all that listen", async () => {
  expect(await preview({ kinds: { resource: off } })).toEqual({
    removed: 200,
    kinds: [
      { kind: "user", subscriptions: 3, kept: 3, grows: false },
      { kind: "resource", subscriptions: 200, kept: 0, grows: false },
    ],
  });
});

test("a phase that is switched off takes nobody from a channel that another phase needs", async () => {
  expect((await preview({ phases: { 2: off } })).removed).toBe(0);
  expect((await preview({ phases: { 2: off, 3: off } })).removed).toBe(200);
});

test("a percentage keeps its part, of those who are in now", async () => {
  const quarter = { status: "percent", percent: 25 } as const;
  const half = { status: "percent", percent: 50 } as const;
  expect((await preview({ kinds: { resource: quarter } })).removed).toBe(150);
  const from = { kinds: { resource: half } };
  expect((await preview({ kinds: { resource: quarter } }, from)).removed).toBe(100);
  const wider = await preview({ kinds: { resource: { status: "on" } } }, from);
  expect(wider.kinds[1]).toEqual({ kind: "resource", subscriptions: 200, kept: 200, grows: true });
});

test("a broker that does not count is told apart from one with nobody on it", async () => {
  const view = await createRollout({ channels }).current();
  await expect(previewRollout({ channels, view, change: {}, broker: {} })).rejects.toThrow(
    "does not tell how many listen",
  );
});
