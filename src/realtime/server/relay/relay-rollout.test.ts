import { expect, test } from "vitest";
import { channel, defineChannels } from "../../protocol/channel.ts";
import { type OutgoingSignal, signal } from "../../protocol/signal.ts";
import { createFakeBroker } from "../../testing/fakes/fake-broker.ts";
import { createFakeClock } from "../../testing/fakes/fake-clock.ts";
import { createMemoryServer } from "../../testing/memory/memory-server.ts";
import type { Delivery } from "../ports.ts";
import { createRollout, type RolloutSettings } from "../rollout/rollout.ts";
import { authorize } from "../route/rules.ts";

const channels = defineChannels({
  page: channel("page.{id}", { phase: 2 })
    .signal("comment.created")
    .signal("reaction.added", undefined, { phase: 3 }),
  site: channel("site").signal("rollout.changed"),
});
const page = channels.page({ id: "7" });
const comment = signal(page, "comment.created");
const reaction = signal(page, "reaction.added");
const changed = signal(channels.site({}), "rollout.changed");
const off = { status: "off" } as const;

/** A relay whose frames are recorded. */
function setUp() {
  const clock = createFakeClock();
  const fake = createFakeBroker({ clock });
  const sent: Delivery[] = [];
  let settings: RolloutSettings = {};
  const read = async () => settings;
  const server = createMemoryServer({
    authority: authorize(channels, { page: () => true, site: () => true }),
    rollout: createRollout({ channels, control: "site", clock, read }),
    clock,
    fake,
    broker: {
      ...fake.broker,
      publish: async (deliveries) => {
        sent.push(...deliveries);
        await fake.broker.publish(deliveries);
      },
    },
  });
  const write = async (...signals: OutgoingSignal[]) => {
    for (const each of signals) await server.publish(each);
    await clock.advance(3_000);
  };
  return {
    clock,
    write,
    set: (next: RolloutSettings) => {
      settings = next;
      return write(changed);
    },
    names: () => sent.map((each) => each.signal.name),
    frames: () => sent.map((each) => each.signal),
    close: server.close,
  };
}

test("F1 a frame is not repeated after its phase was switched off", async () => {
  const { clock, write, set, names, close } = setUp();
  await write(comment);
  await set({ phases: { 2: off, 3: off } });
  await clock.advance(60_000);
  expect(names().filter((name) => name === "comment.created")).toHaveLength(1);
  expect(names().filter((name) => name === "rollout.changed").length).toBeGreaterThan(1);
  await close();
});

test("a withheld signal causes no gap: the next frame names the last one that was sent", async () => {
  const { write, set, frames, close } = setUp();
  await write(comment);
  await set({ phases: { 3: off } });
  await write(reaction, comment);
  const sent = frames().filter(({ name }) => name !== "rollout.changed");
  const ids = [...new Set(sent.map(({ id }) => id))];
  expect(sent.map(({ name }) => name)).not.toContain("reaction.added");
  expect(ids).toHaveLength(2);
  expect(sent.find(({ id }) => id === ids[1])?.after).toBe(ids[0]);
  await close();
});
