import { encodeSignal } from "../../protocol/signal.ts";
import { posted } from "./delivery.ts";
import { same, scenario } from "./scenario.ts";

/** Data of an event that no relay of ours would send. */
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

/** The stream is a convenience: nothing in it is believed. */
export const distrust = [
  scenario("W5 a signal of an unknown name means that its channel changed", async (bench) => {
    const room = await bench.newRoom();
    const page = bench.openPage();
    const { heard } = page.listen(room);
    await page.is("live");
    await bench.forge(`private-${room.name}.e0`, "price.changed", frame("a1"));
    await bench.until("it is told", () => heard.length > 1);
    same(heard, ["gap", "unknown price.changed"], "heard");
  }),

  scenario(
    "S3.24 W5 malformed and forged data is at most a hint: no exception, no silence",
    async (bench) => {
      const room = await bench.newRoom();
      const page = bench.openPage();
      const { heard } = page.listen(room);
      await page.is("live");
      for (const data of malformed) {
        await bench.forge(`private-${room.name}.e0`, "message.posted", data);
      }
      await bench.until("each is told", () => heard.length === 1 + malformed.length);
      await bench.commit([posted(room, "m1")]);
      await bench.until("the next one is told", () => heard.includes("m1"));
      same(heard, ["gap", ...malformed.map(() => "anything"), "m1"], "heard");
      same([page.reports, page.client.getState().status], [[], "live"], "harm");
    },
  ),

  scenario("signals that arrive again, and out of order, are told once each", async (bench) => {
    const room = await bench.newRoom();
    const page = bench.openPage();
    const { heard } = page.listen(room);
    await page.is("live");
    for (const id of ["a3", "a1", "a3", "a2", "a1", "a2", "a3", "af"]) {
      await bench.forge(`private-${room.name}.e0`, "message.posted", frame(id));
    }
    await bench.until("the last is told", () => heard.includes("af"));
    same(heard, ["gap", "a3", "a1", "a2", "af"], "heard");
  }),
];
