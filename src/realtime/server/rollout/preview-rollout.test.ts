import { expect, test } from "vitest";
import { channel, defineChannels } from "../../protocol/channel.ts";
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

interface Person {
  readonly id: string;
  readonly role: "reader" | "author" | "staff";
}
const people: readonly Person[] = Array.from({ length: 200 }, (_, index) => ({
  id: `person ${index}`,
  role: (["staff", "author", "reader", "reader"] as const)[index % 4] ?? "reader",
}));
const site = {
  channels,
  control: "site",
  isStaff: ({ role }: Person) => role === "staff",
  audiences: {
    everyone: () => true,
    authors: ({ role }: Person) => role !== "reader",
  },
};
const recorded = new Map<string, readonly Person[]>([
  ["user.1", people.slice(1, 2)],
  ["resource.7", people],
]);
const viewOf = (start: RolloutSettings) => createRollout<Person>({ ...site, start }).current();

async function preview(change: RolloutSettings, start: RolloutSettings = {}) {
  const broker = { countSubscriptions: async () => counts };
  const view = await viewOf(start);
  const listeners = async () => recorded;
  return {
    byShare: await previewRollout({ ...site, view, change, broker }),
    byPerson: await previewRollout({ ...site, view, change, broker, listeners }),
    /** Counted independently: what is live for each of the 200 viewers before and after. */
    counted: await countLosers(start, change),
  };
}

async function countLosers(start: RolloutSettings, change: RolloutSettings) {
  const after = {
    kinds: { ...start.kinds, ...change.kinds },
    phases: { ...start.phases, ...change.phases },
    audiences: { ...start.audiences, ...change.audiences },
  };
  const [before, then] = [await viewOf(start), await viewOf(after)];
  return people.filter((person) =>
    ["comment.created", "reaction.added"].some(
      (name) => before.isLive(person, "resource", name) && !then.isLive(person, "resource", name),
    ),
  ).length;
}

test("a kind that is switched off loses all its subscriptions, and the preview lists its signals", async () => {
  const { byShare, byPerson } = await preview({ kinds: { resource: off } });
  expect(byShare).toEqual({
    removed: 200,
    affected: { channels: 1, subscriptions: 200, people: null },
    isExact: true,
    kinds: [
      {
        kind: "user",
        channels: 2,
        subscriptions: 3,
        removed: 0,
        affected: { channels: 0, subscriptions: 0, people: null },
        signals: [],
        grows: false,
        isExact: true,
      },
      {
        kind: "resource",
        channels: 1,
        subscriptions: 200,
        removed: 200,
        affected: { channels: 1, subscriptions: 200, people: null },
        signals: ["comment.created", "reaction.added"],
        grows: false,
        isExact: true,
      },
    ],
  });
  expect(byPerson.affected).toEqual({ channels: 1, subscriptions: 200, people: 200 });
});

test("a channel with another live phase loses only the signals of the phase that is switched off", async () => {
  for (const how of ["byShare", "byPerson"] as const) {
    const { removed, affected, kinds } = (await preview({ phases: { 2: off } }))[how];
    expect([removed, affected.subscriptions, affected.channels]).toEqual([0, 200, 1]);
    expect(kinds[1]?.signals).toEqual(["comment.created"]);
    expect((await preview({ phases: { 2: off, 3: off } }))[how].removed).toBe(200);
  }
});

test.each([
  ["a narrower audience", { audiences: { resource: "authors" } }, {}],
  ["a percentage", { kinds: { resource: { status: "percent", percent: 25 } } }, {}],
  ["staff alone", { phases: { 2: { status: "staff" } } }, {}],
  [
    "a smaller percentage of a narrower audience",
    { kinds: { resource: { status: "percent", percent: 20 } } },
    {
      kinds: { resource: { status: "percent", percent: 60 } },
      audiences: { resource: "authors" },
    },
  ],
] satisfies [string, RolloutSettings, RolloutSettings][])(
  "%s removes exactly the people for whom the server's own decision changes",
  async (_, change, start) => {
    const { byPerson, counted } = await preview(change, start);
    expect(counted).toBeGreaterThan(0);
    expect(counted).toBeLessThan(200);
    expect(byPerson.affected).toEqual({ channels: 1, subscriptions: counted, people: counted });
    expect(byPerson.isExact).toBe(true);
  },
);

test("without recorded viewers a percentage gives an expected value, and a narrower audience an upper bound", async () => {
  const quarter = { status: "percent", percent: 25 } as const;
  const half = { status: "percent", percent: 50 } as const;
  const of = async (change: RolloutSettings, start?: RolloutSettings) => {
    const { removed, isExact, kinds } = (await preview(change, start)).byShare;
    return { removed, isExact, grows: kinds[1]?.grows };
  };
  const estimate = { isExact: false, grows: false };
  expect(await of({ kinds: { resource: quarter } })).toEqual({ removed: 150, ...estimate });
  const from = { kinds: { resource: half } };
  expect(await of({ kinds: { resource: quarter } }, from)).toEqual({ removed: 100, ...estimate });
  expect(await of({ kinds: { resource: { status: "on" } } }, from)).toEqual({
    removed: 0,
    isExact: true,
    grows: true,
  });
  expect(await of({ audiences: { resource: "authors" } })).toEqual({ removed: 200, ...estimate });
});

test("recorded viewers who have left are not counted beyond the current subscriptions", async () => {
  const preview = await previewRollout({
    ...site,
    view: await viewOf({}),
    change: { kinds: { resource: off } },
    broker: { countSubscriptions: async () => new Map([["private-resource.7.e4", 3]]) },
    listeners: async () => recorded,
  });
  expect(preview.affected).toEqual({ channels: 1, subscriptions: 3, people: 3 });
});

test("a broker that does not count subscriptions is an error, not an empty preview", async () => {
  const view = await createRollout({ channels }).current();
  await expect(previewRollout({ channels, view, change: {}, broker: {} })).rejects.toThrow(
    "does not count subscriptions",
  );
});
