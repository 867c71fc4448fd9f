import { onTestFinished } from "vitest";
import { channel, defineChannels } from "../../../src/realtime/protocol/channel.ts";
import { signal } from "../../../src/realtime/protocol/signal.ts";
import type { Broker, Delivery } from "../../../src/realtime/server/ports.ts";
import { createRelay } from "../../../src/realtime/server/relay/create-relay.ts";
import type { RelayEvent } from "../../../src/realtime/server/relay/relay-events.ts";
import {
  createRollout,
  type RolloutSettings,
} from "../../../src/realtime/server/rollout/rollout.ts";
import { createFakeClock, settlePromises } from "../../../src/realtime/testing/fakes/fake-clock.ts";
import { createMemoryLog } from "../../../src/realtime/testing/memory/memory-log.ts";

export const channels = defineChannels({
  room: channel("room.{id}")
    .signal("message.posted")
    .signal("topic.changed")
    .signal("title.changed"),
  desk: channel("desk.{id}").signal("bell.rang"),
});
export const room = channels.room({ id: "1" });
export const desk = channels.desk({ id: "1" });
export const posted = signal(room, "message.posted");
export const changed = signal(room, "topic.changed");
export const titled = signal(room, "title.changed");
export const rang = signal(desk, "bell.rang");

/** A relay on a fake clock with a limit for rooms, and the frames its broker accepted with their times. */
export function createLimiterRig({ framesPerSecond = 5, pageRows = 1000 } = {}) {
  const clock = createFakeClock();
  const log = createMemoryLog({ clock, pageRows });
  const taken: { readonly atMs: number; readonly frame: Delivery }[] = [];
  const events: RelayEvent[] = [];
  let failure: (frames: readonly Delivery[]) => Error | undefined = () => undefined;
  let settings: RolloutSettings = { options: { room: { framesPerSecond } } };
  const broker = {
    publish: async (frames: readonly Delivery[]) => {
      const error = failure(frames);
      if (error !== undefined) throw error;
      taken.push(...frames.map((frame) => ({ atMs: clock.now(), frame })));
    },
  } as Broker;
  const rollout = createRollout({ channels, clock, read: async () => settings, maxAgeMs: 100 });
  const onEvent = (event: RelayEvent) => void events.push(event);
  const options = { log, broker, clock, random: () => 0.5, rollout, onEvent };
  const relay = createRelay(options);
  onTestFinished(relay.stop);
  return {
    clock,
    log,
    relay,
    events,
    options,
    write: (...signals: readonly (typeof posted)[]) =>
      log.transaction((tx) => log.append(tx, signals)),
    start: async () => {
      relay.start();
      await settlePromises();
    },
    set: (next: RolloutSettings) => {
      settings = next;
    },
    fail: (next: typeof failure) => {
      failure = next;
    },
    on: (name: string) => taken.filter(({ frame }) => frame.channel === name),
    /** The newest signal of a channel in the log. */
    youngest: async (name: string) => {
      const answers = await log.since([{ channel: name, position: null }]);
      return answers.get(name)?.recent.at(-1);
    },
  };
}
type Taken = ReturnType<ReturnType<typeof createLimiterRig>["on"]>;

export const lastOf = ({ frame: { signal: sent } }: Taken[number]) => sent.last ?? sent.id;
/** The maximum number of frames in any second. */
export const mostInASecond = (taken: Taken) =>
  Math.max(
    ...taken.map(
      ({ atMs: from }) => taken.filter(({ atMs }) => atMs >= from && atMs < from + 1000).length,
    ),
  );
/** Whether each frame names its predecessor. */
export const isChained = (taken: Taken) =>
  taken.every(({ frame }, index) => {
    const before = taken[index - 1];
    return frame.signal.after === (before === undefined ? undefined : lastOf(before));
  });
