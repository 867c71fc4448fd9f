import { expect, test } from "vitest";
import type { Transport, TransportHandlers } from "../client/transport.ts";
import type { CatchUpResponse } from "../protocol/messages.ts";
import type { ConformanceStack } from "./conformance/stack.ts";
import { conformanceScenarios } from "./conformance.ts";
import { createMemoryStack } from "./memory-stack.ts";

type Sabotage = (stack: ConformanceStack) => ConformanceStack;

/** A suite that passes whatever happens proves nothing: each of these must break the promise beside it. */
const sabotages: readonly (readonly [what: string, broken: string, Sabotage])[] = [
  [
    "a transport that loses events",
    "what is committed is told once, to the listeners of its channel",
    withHandlers((handlers) => ({ ...handlers, event: () => {} })),
  ],
  [
    "a transport that mixes channels up",
    "what is committed is told once, to the listeners of its channel",
    withHandlers((handlers) => ({
      ...handlers,
      event: (wireName, name, data) => {
        handlers.event(wireName.replace(/\d+\.e0$/, "1.e0"), name, data);
      },
    })),
  ],
  [
    "a transport that does not tell of a lost connection",
    "K1 S3.22 what was committed while the connection was down is told when it is back",
    withHandlers((handlers) => ({ ...handlers, disconnected: () => {} })),
  ],
  [
    "a transport that leaves its socket open",
    "a closed page hears nothing more and leaves no socket",
    withTransport((transport) => ({
      ...transport,
      connect: (handlers) => ({ ...transport.connect(handlers), close: () => {} }),
    })),
  ],
  [
    "a transport that loses a subscription",
    "channels wanted together are joined and caught up in one request each",
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
    "S3.24 W5 malformed and forged data is at most a hint: no exception, no silence",
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
    "K1 S3.22 what was committed while the connection was down is told when it is back",
    withCatchUp(({ channel, cursor }) => ({ channel, status: "upToDate", cursor })),
  ],
  [
    "a route that always answers gap",
    "K1 S3.22 what was committed while the connection was down is told when it is back",
    withCatchUp(({ channel, cursor }) => ({ channel, status: "gap", cursor })),
  ],
  [
    "a route that trusts any cursor",
    "C1 C2 a cursor of another channel is a gap, for its channel alone",
    withCatchUp(({ channel, cursor }) => ({ channel, status: "upToDate", cursor })),
  ],
  [
    "a broker that does not look at signatures",
    "A4 a signature for another socket or another channel joins nothing",
    (stack) => ({
      ...stack,
      // Every signature is the right one.
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
    "S3.9 what is published after the right ended is not heard under the old name",
    (stack) => ({ ...stack, commit: (signals) => stack.commit(signals) }),
  ],
  [
    "rules that say no when they cannot tell",
    "K4 unavailable is retried until it works, and others are live meanwhile",
    (stack) => ({
      ...stack,
      newRoom: (access) => stack.newRoom(access === "unavailable" ? "denied" : access),
    }),
  ],
  [
    "a freeze that does not freeze",
    "K1 a broker that freezes is noticed in time, and what it kept is told",
    (stack) => ({ ...stack, line: { ...stack.line, freeze: () => {} } }),
  ],
];

test.each(sabotages)("the suite catches %s", async (_what, broken, sabotage) => {
  const scenario = conformanceScenarios.find(({ title }) => title === broken);
  const stack = await createMemoryStack();
  await expect(scenario?.run(sabotage(stack))).rejects.toThrow();
  await stack.close();
});

test("titles are told apart, and each has its time", () => {
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

/** The first catch-up of a page, which has no cursor yet, stays true. */
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
