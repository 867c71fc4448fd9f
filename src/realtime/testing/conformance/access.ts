import type { JoinResponse } from "../../protocol/messages.ts";
import { posted } from "./delivery.ts";
import { defaultViewer } from "./page.ts";
import { type Bench, same, scenario } from "./scenario.ts";

const joinsOf = (page: ReturnType<Bench["openPage"]>, name: string) =>
  page.requests.filter((each) => each.type === "join" && each.channels.includes(name)).length;

/** Scenarios of access rules and signatures. */
export const access = [
  scenario(
    "K4 denied is final: joined once, reported once, and other channels are not affected",
    async (bench) => {
      const [open, closed] = [await bench.newRoom(), await bench.newRoom("denied")];
      const page = bench.openPage();
      const [received, denied] = [page.listen(open), page.listen(closed)].map(
        (each) => each.received,
      );
      await page.is("live");
      await page.loses(bench.line);
      await page.is("live");
      await bench.commit([posted(closed, "secret"), posted(open, "m1")]);
      await bench.until("the other listener gets it", () => received?.includes("m1") === true);
      same(
        page.reports.filter(({ type }) => type === "denied"),
        [{ type: "denied", channel: closed.name }],
        "reports",
      );
      same([joinsOf(page, closed.name), denied], [1, []], "joins and signals");
    },
  ),

  scenario(
    "K4 unavailable is retried until it works, while other channels are live",
    async (bench) => {
      const [works, fails] = [await bench.newRoom(), await bench.newRoom("unavailable")];
      const page = bench.openPage();
      const [live, late] = [page.listen(works).received, page.listen(fails).received];
      await bench.until("the join is retried", () => joinsOf(page, fails.name) > 2);
      same([page.client.getState().status, late], ["degraded", []], "before the access changes");
      await bench.commit([posted(works, "m1")]);
      await bench.until("the other listener gets it", () => live.includes("m1"));
      await bench.setAccess(fails, "allowed");
      await page.is("live");
      same([late, page.reports], [["gap"], []], "in the end");
    },
  ),

  scenario(
    "K5 S3.20 without a transport no socket is opened, no request sent and nothing reported",
    async (bench) => {
      const room = await bench.newRoom();
      const page = bench.openPage({ hasTransport: false });
      const { received } = page.listen(room);
      const other = bench.openPage();
      const witness = other.listen(room);
      await other.is("live");
      await bench.commit([posted(room, "m1")]);
      await bench.until("the other page gets the signal", () => witness.received.includes("m1"));
      await bench.until("one socket is open", () => bench.line.sockets() === 1);
      same([page.trace, page.reports, received], [[], [], []], "no effects");
    },
  ),

  scenario("K5 without a session the client reports it once and keeps no socket", async (bench) => {
    const room = await bench.newRoom();
    const page = bench.openPage({ viewer: null });
    const { received } = page.listen(room);
    await page.is("offline");
    same(
      page.client.getState(),
      { status: "offline", reason: "signed-out", lastCaughtUpAt: undefined },
      "state",
    );
    await bench.until("no socket is left", () => bench.line.sockets() === 0);
    const other = bench.openPage();
    other.listen(room);
    await other.is("live");
    same(
      [page.reports, joinsOf(page, room.name) <= 1, received],
      [[{ type: "signed-out" }], true, []],
      "reports, joins and signals",
    );
  }),

  scenario(
    "S3.9 signals published after a revocation do not arrive on the old wire name",
    async (bench) => {
      const [taken, kept] = [await bench.newRoom(), await bench.newRoom()];
      const page = bench.openPage();
      const [lost, received] = [page.listen(taken).received, page.listen(kept).received];
      await page.is("live");
      await bench.setAccess(taken, "denied");
      await bench.commit([posted(taken, "secret"), posted(kept, "m1")], taken);
      await bench.commit([posted(taken, "secret"), posted(kept, "m2")]);
      await bench.until("the other listener gets it", () => received.includes("m2"));
      same(lost.includes("secret"), false, "leaked");
    },
  ),

  scenario("A4 a signature for another socket or another channel joins nothing", async (bench) => {
    const room = await bench.newRoom();
    const name = `private-${room.name}.e0`;
    const { connection, socketId, log } = await connect(bench);
    const sign = (socket: string, wireName: string) =>
      bench.broker.signJoin(socket, wireName, defaultViewer);
    const forged = [await sign("9.9", name), await sign(socketId, `${name}1`), "", "key:0"];
    for (const [index, auth] of forged.entries()) {
      connection.subscribe(name, auth);
      await bench.until("it is refused", () => log.length === index + 1);
    }
    connection.subscribe(name, await sign(socketId, name));
    await bench.until("it is joined", () => log.length === forged.length + 1);
    connection.close();
    same(log, [...forged.map(() => `failed ${name}`), `joined ${name}`], "answers");
  }),

  scenario("a subscription the broker refuses is asked for anew", async (bench) => {
    const room = await bench.newRoom();
    let joins = 0;
    const page = bench.openPage({
      between: async (request, send) => {
        const response = await send(request);
        if (request.type !== "join" || joins++ > 0) return response;
        const { v, results } = (await response.json()) as JoinResponse;
        const spoilt = results.map((each) => ({ ...each, auth: "key:spoilt" }));
        return Response.json({ v, results: spoilt });
      },
    });
    const { received } = page.listen(room);
    await page.is("live");
    await bench.commit([posted(room, "m1")]);
    await bench.until("the signal arrives", () => received.includes("m1"));
    same(joinsOf(page, room.name), 2, "joins");
  }),
];

async function connect(bench: Bench) {
  const log: string[] = [];
  let socketId = "";
  const connection = bench.transport().connect({
    connected: (id) => {
      socketId = id;
    },
    disconnected: ({ message }) => log.push(`gone: ${message}`),
    subscribed: (wireName) => log.push(`joined ${wireName}`),
    subscriptionFailed: (wireName) => log.push(`failed ${wireName}`),
    event: () => {},
  });
  await bench.until("it is connected", () => socketId !== "");
  return { connection, socketId, log };
}
