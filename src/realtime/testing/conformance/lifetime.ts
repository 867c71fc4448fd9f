import type { RealtimeRequest } from "../../protocol/messages.ts";
import { posted } from "./delivery.ts";
import { createGate } from "./gate.ts";
import { same, scenario } from "./scenario.ts";

/** How long channels and sockets are kept. */
export const lifetime = [
  scenario(
    "S3.21 one subscription serves all listeners, and is left after the last of them",
    async (bench) => {
      const room = await bench.newRoom();
      const page = bench.openPage();
      const [first, second] = [page.listen(room), page.listen(room)];
      await page.is("live");
      first.stop();
      first.stop();
      await bench.commit([posted(room, "m1")]);
      await bench.until("the one who stayed is told", () => second.heard.includes("m1"));
      same([first.heard, page.count("+")], [["gap"], 1], "told and subscribed");
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
    "S3.21 given up and wanted again while it is joined, a channel is subscribed once",
    async (bench) => {
      const room = await bench.newRoom();
      const page = bench.openPage();
      for (let round = 0; round < 5; round += 1) page.listen(room).stop();
      const { heard } = page.listen(room);
      await page.is("live");
      await bench.commit([posted(room, "m1")]);
      await bench.until("it is told", () => heard.includes("m1"));
      same([heard, page.count("+"), page.count("-")], [["gap", "m1"], 1, 0], "heard");
    },
  ),

  scenario("a channel given up while its answer is awaited is not joined by it", async (bench) => {
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
    // The release comes 3 s after the last listener; the answer after it.
    await page.is("live");
    gate.open();
    const again = page.listen(await bench.newRoom());
    await bench.until("a later one is joined", () => again.heard.includes("gap"));
    same(page.count(`+private-${left.name}`), 0, "joined");
  }),

  scenario("a closed page hears nothing more and leaves no socket", async (bench) => {
    const room = await bench.newRoom();
    const [page, witness] = [bench.openPage(), bench.openPage()];
    const [closed, open] = [page.listen(room), witness.listen(room)];
    await page.is("live");
    await witness.is("live");
    page.client.close();
    await bench.commit([posted(room, "m1")]);
    await bench.until("the other is told", () => open.heard.includes("m1"));
    await bench.until("one socket is left", () => bench.line.sockets() === 1);
    same(closed.heard, ["gap"], "heard");
    page.client.close();
    same(page.client.getState().status, "offline", "state");
  }),
];
