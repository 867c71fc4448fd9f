import type { RealtimeRequest } from "../../protocol/messages.ts";
import { signal } from "../../protocol/signal.ts";
import { createGate } from "./gate.ts";
import { same, scenario } from "./scenario.ts";
import type { Room } from "./stack.ts";

export const posted = (room: Room, messageId: string) =>
  signal(room, "message.posted", { messageId });

/** From the commit to the page. */
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

  scenario("what is committed is told once, to the listeners of its channel", async (bench) => {
    const [one, two] = [await bench.newRoom(), await bench.newRoom()];
    const page = bench.openPage();
    const listeners = [page.listen(one), page.listen(one), page.listen(two)];
    await page.is("live");
    await bench.commit([posted(one, "m1")]);
    await bench.commit([signal(two, "topic.changed")]);
    await bench.until("both are told", () => listeners.every(({ heard }) => heard.length > 1));
    const heard = listeners.map((each) => each.heard);
    same(
      heard,
      [
        ["gap", "m1"],
        ["gap", "m1"],
        ["gap", "anything"],
      ],
      "heard",
    );
  }),

  scenario(
    "channels wanted together are joined and caught up in one request each",
    async (bench) => {
      const rooms = await Promise.all(Array.from({ length: 10 }, () => bench.newRoom()));
      const page = bench.openPage();
      for (const room of rooms) page.listen(room);
      await page.is("live");
      same([page.count("join"), page.count("catch-up")], [1, 1], "requests");
    },
  ),

  scenario(
    "S3.23 a burst of 100 commits is told in full, in at most as many tellings",
    async (bench) => {
      const room = await bench.newRoom();
      const page = bench.openPage();
      let tellings = 0;
      page.client.subscribe(room, { signal: () => (tellings += 1), gap: () => {} });
      const { heard } = page.listen(room);
      await page.is("live");
      const all = Array.from({ length: 100 }, (_, index) => `m${index}`);
      for (const messageId of all) await bench.commit([posted(room, messageId)]);
      // Merged, they may be too many to list; then the whole channel has changed.
      await bench.until("all are told", () =>
        all.every((each) => heard.includes(each) || heard.includes("anything")),
      );
      same(tellings <= 100, true, "bounded");
    },
  ),

  scenario("a signal between acknowledgement and catch-up is told once", async (bench) => {
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
    const { heard } = page.listen(room);
    await page.is("live");
    gate.close();
    bench.line.cut();
    await bench.until("it asks what it missed", () => page.count("catch-up") === 2);
    await bench.commit([posted(room, "m1")]);
    await bench.until("it is told live", () => heard.includes("m1"));
    gate.open();
    await page.is("live");
    await bench.commit([posted(room, "m2")]);
    await bench.until("the next is told", () => heard.includes("m2"));
    same(heard, ["gap", "m1", "m2"], "heard");
  }),
];
