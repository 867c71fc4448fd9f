import type { RealtimeRequest } from "../../protocol/messages.ts";
import { posted } from "./delivery.ts";
import { createGate } from "./gate.ts";
import { same, scenario } from "./scenario.ts";

/** Scenarios of when channels and sockets are closed. */
export const lifetime = [
  scenario(
    "all listeners share one subscription, which ends after the last of them",
    async (bench) => {
      const room = await bench.newRoom();
      const page = bench.openPage();
      const [first, second] = [page.listen(room), page.listen(room)];
      await page.is("live");
      first.stop();
      first.stop();
      await bench.commit([posted(room, "m1")]);
      await bench.until("the remaining listener gets the signal", () =>
        second.received.includes("m1"),
      );
      same([first.received, page.count("+")], [["gap"], 1], "signals and subscriptions");
      second.stop();
      await page.is("offline");
      same(
        [page.count("-"), page.client.getState()],
        [1, { ...page.client.getState(), reason: "idle" }],
        "left",
      );
      await bench.until("no socket is left", () => bench.line.sockets() === 0);
    },
  ),

  scenario(
    "a channel that is unsubscribed and subscribed again while it is joined is joined once",
    async (bench) => {
      const room = await bench.newRoom();
      const page = bench.openPage();
      for (let round = 0; round < 5; round += 1) page.listen(room).stop();
      const { received } = page.listen(room);
      await page.is("live");
      await bench.commit([posted(room, "m1")]);
      await bench.until("the signal arrives", () => received.includes("m1"));
      same([received, page.count("+"), page.count("-")], [["gap", "m1"], 1, 0], "received");
    },
  ),

  scenario(
    "a channel that is unsubscribed before the join is answered is not joined by the response",
    async (bench) => {
      const [kept, left] = [await bench.newRoom(), await bench.newRoom()];
      const gate = createGate();
      const between = async (
        request: RealtimeRequest,
        send: (it: RealtimeRequest) => Promise<Response>,
      ) => {
        const response = await send(request);
        if (request.type === "join") await gate.pass();
        return response;
      };
      const page = bench.openPage({ between });
      page.listen(kept);
      await page.is("live");
      gate.close();
      page.listen(left).stop();
      await page.is("catching-up");
      // The channel is left 3 s after its last subscription, before the response arrives.
      await page.is("live");
      gate.open();
      const again = page.listen(await bench.newRoom());
      await bench.until("a later channel is joined", () => again.received.includes("gap"));
      same(page.count(`+private-${left.name}`), 0, "joined");
    },
  ),

  scenario("a closed client receives nothing more and leaves no socket", async (bench) => {
    const room = await bench.newRoom();
    const [page, witness] = [bench.openPage(), bench.openPage()];
    const [closed, open] = [page.listen(room), witness.listen(room)];
    await page.is("live");
    await witness.is("live");
    page.client.close();
    await bench.commit([posted(room, "m1")]);
    await bench.until("the other listener gets it", () => open.received.includes("m1"));
    await bench.until("one socket is left", () => bench.line.sockets() === 1);
    same(closed.received, ["gap"], "received");
    page.client.close();
    same(page.client.getState().status, "offline", "state");
  }),
];
