import { expect, test, vi } from "vitest";
import { noteCalls } from "../../../tests/support/rigs/fake-socket-rig.ts";
import type { Transport } from "../client/transport.ts";
import { lazy } from "./lazy.ts";

const flush = () => new Promise((resolve) => setImmediate(resolve));

function fake() {
  const calls: unknown[][] = [];
  const note =
    (what: string) =>
    (...details: unknown[]) =>
      void calls.push([what, ...details]);
  const transport: Transport = {
    name: "fake",
    connect: (_, key) => {
      calls.push(["connect", key]);
      return {
        subscribe: note("subscribe"),
        unsubscribe: note("unsubscribe"),
        signIn: note("signIn"),
        ping: note("ping"),
        close: note("close"),
      };
    },
  };
  return { calls, transport };
}

test("J1 a lazy transport has its properties before it is loaded, and loads on the first connection", async () => {
  const { transport, calls } = fake();
  const load = vi.fn(async () => transport);
  const { connect, ...about } = lazy({ name: "fake", key: "k", isViewerKnown: true }, load);
  expect([about, load.mock.calls.length]).toEqual([
    { name: "fake", key: "k", isViewerKnown: true },
    0,
  ]);
  const connection = connect(noteCalls().handlers, "next");
  await flush();
  const answered = () => {};
  connection.subscribe("private-a", "signature");
  connection.unsubscribe("private-a");
  connection.signIn("signature", "{}");
  connection.ping(answered);
  connection.close();
  expect(calls).toEqual([
    ["connect", "next"],
    ["subscribe", "private-a", "signature"],
    ["unsubscribe", "private-a"],
    ["signIn", "signature", "{}"],
    ["ping", answered],
    ["close"],
  ]);
});

test("J1 a failed load is a lost connection, and nothing is reported after close", async () => {
  const { calls, handlers } = noteCalls();
  const { connect } = lazy({ name: "fake" }, () => Promise.reject(new Error("offline")));
  connect(handlers);
  connect(handlers).close();
  await flush();
  expect(calls).toEqual([["lost", "The transport could not be loaded: Error: offline"]]);
});

test("a connection that is closed before the load ends is not opened", async () => {
  const { transport, calls } = fake();
  lazy({ name: "fake" }, async () => transport)
    .connect(noteCalls().handlers)
    .close();
  await flush();
  expect(calls).toEqual([]);
});
