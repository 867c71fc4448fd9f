import { expect, test } from "vitest";
import { createHubRig } from "../../../../tests/support/rigs/hub-rig.ts";
import { channel, defineChannels } from "../../protocol/channel.ts";
import { ids } from "../../protocol/ids.ts";
import { readEntities } from "../../server/entities/entity-reads.ts";
import type { Delivery } from "../../server/ports.ts";

const channels = defineChannels({
  chat: channel("chat.{chatId}").entity("chat.content", ids("contentId")),
});

const content = (name: string, id: string): Delivery => ({
  channel: name,
  accessEpoch: 0,
  signal: { id, name: "chat.content", ids: [{ contentId: "c1" }], origin: undefined },
});

test("E15 a channel that only another release knows does not stop the signals of the others", async () => {
  const entities = readEntities(
    channels,
    { accessEpochs: async () => new Map() },
    { chat: { "chat.content": async () => new Map([["c1", { id: "c1" }]]) } },
  );
  const { hub, listen, clock } = createHubRig({ entities });
  const reader = await listen("private-chat.a.e0");
  // The other release has another kind with an entity of the same name.
  await hub.publish([content("room.1", "a1"), content("chat.a", "a2")]);
  await clock.advance(100);
  expect(reader.frames.map(({ event }) => event)).toContain("upsert");
});
