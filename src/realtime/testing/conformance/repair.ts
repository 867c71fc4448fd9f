import type { RealtimeRequest } from "../../protocol/messages.ts";
import { posted } from "./delivery.ts";
import { same, scenario } from "./scenario.ts";

/** A silent broker is detected after 15 or 35 s. Reconnecting is short. */
const freezeTimeoutMs = 60_000;

/** Scenarios of missed signals. */
export const repair = [
  scenario(
    "K1 S3.22 signals committed while the connection was down are delivered when it is back",
    async (bench) => {
      const room = await bench.newRoom();
      const page = bench.openPage();
      const { received } = page.listen(room);
      await page.is("live");
      for (const round of ["1", "2"]) {
        await bench.line.refuse();
        await page.is("degraded");
        await bench.commit([posted(room, `a${round}`)]);
        await bench.commit([posted(room, `b${round}`)]);
        await bench.line.heal();
        await page.is("live", bench.line.returnMs);
      }
      same(new Set(received), new Set(["gap", "a1", "b1", "a2", "b2"]), "received");
      same(received.filter((each) => each === "gap").length, 1, "gaps");
    },
    { timeoutMs: freezeTimeoutMs },
  ),

  scenario(
    "a client whose connection is cut reconnects, with one socket at a time",
    async (bench) => {
      const room = await bench.newRoom();
      const page = bench.openPage();
      const { received } = page.listen(room);
      for (const round of [1, 2, 3]) {
        await page.is("live");
        await bench.until("one socket is open", () => bench.line.sockets() === 1);
        await page.loses(bench.line);
        await bench.commit([posted(room, `m${round}`)]);
        await bench.until("the signal arrives", () => received.includes(`m${round}`));
      }
      await page.is("live");
      await bench.until("one socket is open", () => bench.line.sockets() === 1);
    },
    // Node's `fetch` opens a spare connection after each stream that is cut, and closes it after 4 s.
    { timeoutMs: 60_000 },
  ),

  scenario("K1 a page that resumes after sleep catches up on the same socket", async (bench) => {
    const room = await bench.newRoom();
    const page = bench.openPage();
    page.listen(room);
    await page.is("live");
    const asked = page.count("catch-up");
    page.sleep(60_000);
    // A transport that cannot ping opens another stream, which causes a second catch-up.
    await bench.until("the catch-up is sent", () => page.count("catch-up") > asked);
    await page.is("live");
    same([page.count("open"), page.count("join")], [1, 1], "connections and joins");
  }),

  ...(["freeze", "silence"] as const).map((fault) =>
    scenario(
      `K11 a page that resumes with a ${fault === "freeze" ? "frozen" : "deaf"} socket catches up, and drops the socket within 4 s`,
      async (bench) => {
        const room = await bench.newRoom();
        const page = bench.openPage();
        const { received } = page.listen(room);
        await page.is("live");
        bench.line[fault]();
        await bench.commit([posted(room, "m1")]);
        page.sleep(60_000);
        await bench.until("the signal arrives", () => received.includes("m1"), 2_500);
        await bench.until("the client drops the socket", () => page.count("close") === 1, 4_000);
        await bench.line.heal();
        await bench.until(
          "the client opens another socket",
          () => page.count("ack") === 2,
          bench.line.returnMs ?? 15_000,
        );
        await bench.commit([posted(room, "m2")]);
        await bench.until("the next signal arrives", () => received.includes("m2"));
      },
      { timeoutMs: freezeTimeoutMs },
    ),
  ),

  scenario("C1 when the log was replaced, its channels get a gap", async (bench) => {
    const room = await bench.newRoom();
    const page = bench.openPage();
    const { received } = page.listen(room);
    await page.is("live");
    await bench.restoreLog();
    await page.loses(bench.line);
    await page.is("live");
    same(received, ["gap", "gap"], "received");
    await bench.commit([posted(room, "m1")]);
    await bench.until("a signal of the new log arrives", () => received.includes("m1"));
  }),

  scenario(
    "C3 when the log is replaced while sockets are open, every channel gets a gap without a write",
    async (bench) => {
      const [loud, quiet] = [await bench.newRoom(), await bench.newRoom()];
      const page = bench.openPage();
      const [first, second] = [page.listen(loud), page.listen(quiet)];
      await page.is("live");
      await bench.commit([posted(loud, "m1")]);
      await bench.until("the signal arrives", () => first.received.includes("m1"));
      await bench.restoreLog();
      await bench.until(
        "both listeners get the gap",
        () =>
          [first, second].every(
            ({ received }) => received.filter((it) => it === "gap").length === 2,
          ),
        15_000,
      );
      await page.is("live");
      same(page.count("open"), 1, "sockets");
      await bench.commit([posted(quiet, "m2")]);
      await bench.until("a signal of the new log arrives", () => second.received.includes("m2"));
    },
    { timeoutMs: freezeTimeoutMs },
  ),

  ...["of another channel", "that was altered"].map((what) =>
    scenario(`C1 C2 a cursor ${what} is a gap, only for its channel`, async (bench) => {
      const [one, two] = [await bench.newRoom(), await bench.newRoom()];
      const tamper = (request: RealtimeRequest): RealtimeRequest => {
        if (request.type !== "catch-up") return request;
        const foreign =
          request.channels.find(({ channel }) => channel === two.name)?.cursor ?? null;
        const alter = (cursor: string | null) =>
          what === "that was altered" ? cursor && altered(cursor) : foreign;
        const channels = request.channels.map(({ channel, cursor }) =>
          channel === one.name ? { channel, cursor: alter(cursor) } : { channel, cursor },
        );
        return { ...request, channels };
      };
      const page = bench.openPage({ between: (request, send) => send(tamper(request)) });
      const [first, second] = [page.listen(one), page.listen(two)];
      await page.is("live");
      await page.loses(bench.line);
      await page.is("live");
      same([first.received, second.received], [["gap", "gap"], ["gap"]], "received");
    }),
  ),

  scenario("K7 a signal lost on a live socket is detected by the next one", async (bench) => {
    const room = await bench.newRoom();
    const page = bench.openPage();
    const { received } = page.listen(room);
    await page.is("live");
    await bench.line.lose(() => bench.commit([posted(room, "m1")]));
    await bench.commit([posted(room, "m2")]);
    await bench.until("both signals arrive", () =>
      ["m1", "m2"].every((each) => received.includes(each)),
    );
    same([page.count("open"), received.filter((each) => each === "gap")], [1, ["gap"]], "cost");
  }),

  scenario(
    "a lost signal without a successor is delivered within 30 s, on the same socket",
    async (bench) => {
      const room = await bench.newRoom();
      const page = bench.openPage();
      const { received } = page.listen(room);
      await page.is("live");
      await bench.line.lose(() => bench.commit([posted(room, "m1")]));
      await bench.until("the signal arrives", () => received.includes("m1"), 30_000);
      same([page.count("open"), received], [1, ["gap", "m1"]], "cost");
    },
    { timeoutMs: freezeTimeoutMs },
  ),

  ...(["freeze", "silence"] as const).map((fault) =>
    scenario(
      `K1 a broker that ${fault === "freeze" ? "freezes" : "falls silent"} is detected in time, and its missed signals are delivered`,
      async (bench) => {
        const room = await bench.newRoom();
        const page = bench.openPage();
        const { received } = page.listen(room);
        await page.is("live");
        const frozenAtMs = bench.clock.now();
        bench.line[fault]();
        await page.is("degraded", bench.line.silenceMs);
        same(bench.clock.now() - frozenAtMs <= bench.line.silenceMs, true, "in time");
        await bench.commit([posted(room, "m1")]);
        await bench.line.heal();
        await bench.until("the signal arrives", () => received.includes("m1"), bench.line.returnMs);
        await page.is("live");
      },
      { timeoutMs: freezeTimeoutMs },
    ),
  ),
];

function altered(cursor: string): string {
  const middle = Math.floor(cursor.length / 2);
  const other = cursor[middle] === "A" ? "B" : "A";
  return `${cursor.slice(0, middle)}${other}${cursor.slice(middle + 1)}`;
}
