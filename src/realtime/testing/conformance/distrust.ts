import { encodeSignal } from "../../protocol/signal.ts";
import { posted } from "./delivery.ts";
import { same, scenario } from "./scenario.ts";

/** Event data that the relay never sends. */
const malformed = [
  "{",
  "null",
  "7",
  '"text"',
  "[]",
  "{}",
  '{"v":1}',
  '{"v":99,"id":"x","ids":[{"messageId":"9"}]}',
  '{"v":1,"id":7,"ids":"all"}',
  '{"v":1,"id":"y","ids":[{"body":"Hello everybody"}]}',
  '{"v":1,"id":"z","ids":[{"messageId":"not an id"}]}',
  '{"v":1,"id":"w","ids":[null,[],7]}',
  '{"__proto__":{"v":1},"constructor":{"prototype":{}}}',
  `"${"x".repeat(5_000)}"`,
];

const frame = (id: string) =>
  encodeSignal({ id, name: "message.posted", ids: [{ messageId: id }], origin: undefined });

/** Scenarios of malformed, forged, repeated and reordered events. */
export const distrust = [
  scenario("W5 a signal of an unknown name means that its channel changed", async (bench) => {
    const room = await bench.newRoom();
    const page = bench.openPage();
    const { received } = page.listen(room);
    await page.is("live");
    await bench.forge(`private-${room.name}.e0`, "price.changed", frame("a1"));
    await bench.until("the signal arrives", () => received.length > 1);
    same(received, ["gap", "unknown price.changed"], "received");
  }),

  scenario(
    "S3.24 W5 malformed and forged data means that anything may have changed, and never throws",
    async (bench) => {
      const room = await bench.newRoom();
      const page = bench.openPage();
      const { received } = page.listen(room);
      await page.is("live");
      for (const data of malformed) {
        await bench.forge(`private-${room.name}.e0`, "message.posted", data);
      }
      await bench.until("each event is delivered", () => received.length === 1 + malformed.length);
      await bench.commit([posted(room, "m1")]);
      await bench.until("the next signal arrives", () => received.includes("m1"));
      same(received, ["gap", ...malformed.map(() => "anything"), "m1"], "received");
      same([page.reports, page.client.getState().status], [[], "live"], "harm");
    },
  ),

  scenario(
    "signals that arrive repeatedly and out of order are delivered once each",
    async (bench) => {
      const room = await bench.newRoom();
      const page = bench.openPage();
      const { received } = page.listen(room);
      await page.is("live");
      for (const id of ["a3", "a1", "a3", "a2", "a1", "a2", "a3", "af"]) {
        await bench.forge(`private-${room.name}.e0`, "message.posted", frame(id));
      }
      await bench.until("the last signal arrives", () => received.includes("af"));
      same(received, ["gap", "a3", "a1", "a2", "af"], "received");
    },
  ),
];
