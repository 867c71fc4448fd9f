import { expect, test } from "vitest";
import { channel, defineChannels } from "../../protocol/channel.ts";
import { fields } from "../../protocol/ephemeral/fields.ts";
import { createFakeBroker } from "../../testing/fakes/fake-broker.ts";
import { createFakeClock } from "../../testing/fakes/fake-clock.ts";
import { createFakeEnvironment } from "../../testing/fakes/fake-environment.ts";
import { createFakeRoute } from "../../testing/fakes/fake-route.ts";
import { createRealtimeClient } from "../client.ts";

const channels = defineChannels({
  import: channel("import.{importId}", { ephemeral: { messageTTL: 300 } }).message(
    "import.progress",
    fields({ done: "number" }),
  ),
});
const upload = channels.import({ importId: "i1" });

test("S4.5 a message that waits for the end of the join ages, and is not delivered from its `messageTTL` on", async () => {
  const [broker, route, clock] = [createFakeBroker(), createFakeRoute(), createFakeClock()];
  route.keep(upload.name, []);
  let answerCatchUp = () => {};
  const asked = new Promise<void>((resolve) => {
    answerCatchUp = resolve;
  });
  const client = createRealtimeClient({
    channels,
    transport: broker.transport,
    fetch: async (url, init) => {
      if (JSON.parse(String(init?.body)).type === "catch-up") await asked;
      return route.fetch(url, init);
    },
    clock,
    environment: createFakeEnvironment(),
    random: () => 0.5,
  });
  const received: unknown[] = [];
  client.subscribe(upload, {
    signal: () => {},
    gap: () => {},
    message: ({ fields: { done } }, leftMs) => received.push([done, leftMs]),
  });
  const send = (done: number) =>
    broker.send(route.wireName(upload.name), "querycast.message", {
      v: 1,
      id: `p-${done}`,
      from: "p",
      n: done,
      sentAtMs: 0,
      type: "import.progress",
      fields: { done },
    });
  await clock.advance(100);
  send(1);
  await clock.advance(100);
  send(2);
  await clock.advance(200);
  answerCatchUp();
  await clock.advance(1);
  expect(received).toEqual([[2, expect.closeTo(100, -1)]]);
  send(3);
  expect(received.at(-1)).toEqual([3, 300]);
  client.close();
});
