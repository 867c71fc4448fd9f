import type { RealtimeRequest } from "../../protocol/messages.ts";
import { signal } from "../../protocol/signal.ts";
import { createGate } from "./gate.ts";
import { same, scenario } from "./scenario.ts";
import type { Room } from "./stack.ts";

export const posted = (room: Room, messageId: string) =>
  signal(room, "message.posted", { messageId });

/** Scenarios of delivery from the commit to the page. */
export const delivery = [
  scenario("a channel is joined, acknowledged, caught up, and only then live", async (bench) => {
    const room = await bench.newRoom();
    const page = bench.openPage();
    page.listen(room);
    await page.is("live");
    const wireName = `private-${room.name}.e0`;
    const steps = ["open", "join", `+${wireName}`, `ack ${wireName}`, "catch-up", "live"];
    const order = page.trace.filter((entry) => steps.includes(entry));
    same(order, steps, "order");
  }),

  scenario(
    "a committed signal is delivered once, to the listeners of its channel",
    async (bench) => {
      const [one, two] = [await bench.newRoom(), await bench.newRoom()];
      const page = bench.openPage();
      const listeners = [page.listen(one), page.listen(one), page.listen(two)];
      await page.is("live");
      await bench.commit([posted(one, "m1")]);
      await bench.commit([signal(two, "topic.changed")]);
      await bench.until("both signals arrive", () =>
        listeners.every(({ received }) => received.length > 1),
      );
      const received = listeners.map((each) => each.received);
      same(
        received,
        [
          ["gap", "m1"],
          ["gap", "m1"],
          ["gap", "anything"],
        ],
        "received",
      );
    },
  ),

  scenario(
    "channels subscribed together are joined and caught up in one request each",
    async (bench) => {
      const rooms = await Promise.all(Array.from({ length: 10 }, () => bench.newRoom()));
      const page = bench.openPage();
      for (const room of rooms) page.listen(room);
      await page.is("live");
      same([page.count("join"), page.count("catch-up")], [1, 1], "requests");
    },
  ),

  scenario(
    "all signals of a burst of 100 commits are delivered, in at most 100 calls",
    async (bench) => {
      const room = await bench.newRoom();
      const page = bench.openPage();
      let calls = 0;
      page.client.subscribe(room, { signal: () => (calls += 1), gap: () => {} });
      const { received } = page.listen(room);
      await page.is("live");
      const all = Array.from({ length: 100 }, (_, index) => `m${index}`);
      for (const messageId of all) await bench.commit([posted(room, messageId)]);
      // A merged signal whose ids do not fit means: anything on the channel may have changed.
      await bench.until("all signals arrive", () =>
        all.every((each) => received.includes(each) || received.includes("anything")),
      );
      same(calls <= 100, true, "bounded");
    },
  ),

  scenario("a signal between acknowledgement and catch-up is delivered once", async (bench) => {
    const room = await bench.newRoom();
    const gate = createGate();
    const between = async (
      request: RealtimeRequest,
      send: (it: RealtimeRequest) => Promise<Response>,
    ) => {
      if (request.type === "catch-up") await gate.pass();
      return send(request);
    };
    const page = bench.openPage({ between });
    const { received } = page.listen(room);
    await page.is("live");
    gate.close();
    bench.line.cut();
    await bench.until("the catch-up is sent", () => page.count("catch-up") === 2);
    await bench.commit([posted(room, "m1")]);
    await bench.until("the signal arrives live", () => received.includes("m1"));
    gate.open();
    await page.is("live");
    await bench.commit([posted(room, "m2")]);
    await bench.until("the next signal arrives", () => received.includes("m2"));
    same(received, ["gap", "m1", "m2"], "received");
  }),
];
