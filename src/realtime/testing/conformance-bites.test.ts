import { expect, test } from "vitest";
import type { Transport, TransportHandlers } from "../client/transport.ts";
import type { CatchUpResponse } from "../protocol/messages.ts";
import type { ConformanceStack } from "./conformance/stack.ts";
import { conformanceScenarios } from "./conformance.ts";
import { createMemoryStack } from "./memory/memory-stack.ts";

type Sabotage = (stack: ConformanceStack) => ConformanceStack;

/** Broken stacks. Each must fail the scenario beside it, which shows that the scenario can fail. */
const sabotages: readonly (readonly [what: string, broken: string, Sabotage])[] = [
  [
    "a transport that loses events",
    "a committed signal is delivered once, to the listeners of its channel",
    withHandlers((handlers) => ({ ...handlers, event: () => {} })),
  ],
  [
    "a transport that mixes channels up",
    "a committed signal is delivered once, to the listeners of its channel",
    withHandlers((handlers) => ({
      ...handlers,
      event: (wireName, name, data) => {
        handlers.event(wireName.replace(/\d+\.e0$/, "1.e0"), name, data);
      },
    })),
  ],
  [
    "a transport that does not report a lost connection",
    "K1 S3.22 signals committed while the connection was down are delivered when it is back",
    withHandlers((handlers) => ({ ...handlers, disconnected: () => {} })),
  ],
  [
    "a transport that leaves its socket open",
    "a closed client receives nothing more and leaves no socket",
    withTransport((transport) => ({
      ...transport,
      connect: (handlers) => ({ ...transport.connect(handlers), close: () => {} }),
    })),
  ],
  [
    "a transport that loses a subscription",
    "channels subscribed together are joined and caught up in one request each",
    withTransport((transport) => ({
      ...transport,
      connect: (handlers) => {
        const connection = transport.connect(handlers);
        let joins = 0;
        return {
          ...connection,
          subscribe: (wireName, auth) => {
            joins += 1;
            if (joins < 3) connection.subscribe(wireName, auth);
          },
        };
      },
    })),
  ],
  [
    "a transport that drops what it cannot parse",
    "S3.24 W5 malformed and forged data means that anything may have changed, and never throws",
    withHandlers((handlers) => ({
      ...handlers,
      event: (wireName, name, data) => {
        try {
          handlers.event(wireName, name, JSON.parse(String(data)));
        } catch {
          // dropped
        }
      },
    })),
  ],
  [
    "a route that never replays",
    "K1 S3.22 signals committed while the connection was down are delivered when it is back",
    withCatchUp(({ channel, cursor }) => ({ channel, status: "upToDate", cursor })),
  ],
  [
    "a route that always answers gap",
    "K1 S3.22 signals committed while the connection was down are delivered when it is back",
    withCatchUp(({ channel, cursor }) => ({ channel, status: "gap", cursor })),
  ],
  [
    "a route that trusts any cursor",
    "C1 C2 a cursor of another channel is a gap, only for its channel",
    withCatchUp(({ channel, cursor }) => ({ channel, status: "upToDate", cursor })),
  ],
  [
    "a broker that does not check signatures",
    "A4 a signature for another socket or another channel joins nothing",
    (stack) => ({
      ...stack,
      // Replaces every signature by a valid one.
      transport: () => {
        const transport = stack.transport();
        return {
          ...transport,
          connect: (handlers) => {
            let socketId = "";
            const connection = transport.connect({
              ...handlers,
              connected: (id) => {
                socketId = id;
                handlers.connected(id);
              },
            });
            return {
              ...connection,
              subscribe: (wireName) =>
                void stack.broker
                  .signJoin(socketId, wireName, { id: "reader" })
                  .then((auth) => connection.subscribe(wireName, auth)),
            };
          },
        };
      },
    }),
  ],
  [
    "a log whose access epochs do not rise",
    "S3.9 signals published after a revocation do not arrive on the old wire name",
    (stack) => ({ ...stack, commit: (signals) => stack.commit(signals) }),
  ],
  [
    "rules that deny instead of failing",
    "K4 unavailable is retried until it works, while other channels are live",
    (stack) => ({
      ...stack,
      newRoom: (access) => stack.newRoom(access === "unavailable" ? "denied" : access),
    }),
  ],
  [
    "a read that does not see the commit",
    "S3.10 a second viewer sees a commit, and no other room is read",
    (stack) => ({ ...stack, read: async () => ({ revision: 0 }) }),
  ],
  [
    "a read that ignores its viewer",
    "only its author can join a draft",
    (stack) => ({ ...stack, read: (room) => stack.read(room, { id: "author" }) }),
  ],
  [
    "a freeze that does not freeze",
    "K1 a broker that freezes is detected in time, and its missed signals are delivered",
    (stack) => ({ ...stack, line: { ...stack.line, freeze: () => {} } }),
  ],
];

test.each(sabotages)("the suite catches %s", async (_what, broken, sabotage) => {
  const scenario = conformanceScenarios.find(({ title }) => title === broken);
  const stack = await createMemoryStack();
  await expect(scenario?.run(sabotage(stack))).rejects.toThrow();
  await stack.close();
});

test("each scenario has its own title and a timeout", () => {
  const titles = conformanceScenarios.map(({ title }) => title);
  expect(new Set(titles).size).toBe(titles.length);
  expect(conformanceScenarios.every(({ timeoutMs }) => timeoutMs >= 10_000)).toBe(true);
});

function withTransport(change: (transport: Transport) => Transport): Sabotage {
  return (stack) => ({ ...stack, transport: (viewer) => change(stack.transport(viewer)) });
}

function withHandlers(change: (handlers: TransportHandlers) => TransportHandlers): Sabotage {
  return withTransport((transport) => ({
    ...transport,
    connect: (handlers) => transport.connect(change(handlers)),
  }));
}

type Result = CatchUpResponse["results"][number] & { readonly cursor: string };

/** Changes all catch-ups but the first, which has no cursor yet. */
function withCatchUp(change: (result: Result) => CatchUpResponse["results"][number]): Sabotage {
  return (stack) => {
    let catchUps = 0;
    const fetchAs: ConformanceStack["fetch"] = (viewer) => async (url, init) => {
      const response = await stack.fetch(viewer)(url, init);
      if (!String(init?.body).includes('"type":"catch-up"') || catchUps++ === 0) return response;
      const { v, results } = (await response.json()) as CatchUpResponse;
      return Response.json({ v, results: results.map((each) => change(each as Result)) });
    };
    return { ...stack, fetch: fetchAs };
  };
}
