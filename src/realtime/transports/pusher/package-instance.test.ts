// @vitest-environment jsdom
import { describe, expect, test, vi } from "vitest";
import { noteCalls } from "../../../../tests/support/rigs/fake-socket-rig.ts";
import {
  ack,
  fakeSockets,
  last,
  onPackage,
  range,
  sockets,
  tick,
} from "../../../../tests/support/rigs/pusher-rig.ts";
import { type PusherOptions, pusher } from "./client.ts";

fakeSockets();

describe.each(range)("%s", (name) => {
  const { own, thePackage } = onPackage(name);

  describe("an instance created by the transport", () => {
    test("J1 the package is loaded at the first connection, and once", async () => {
      const { load, open } = own();
      await tick(60_000);
      expect([load.mock.calls.length, sockets.length]).toEqual([0, 0]);
      const { connection } = await open();
      connection.close();
      await open();
      expect([load.mock.calls.length, sockets.length]).toEqual([1, 2]);
    });

    test("J1 a package that does not load is a lost connection, and is loaded again", async () => {
      const load = vi
        .fn<() => Promise<unknown>>()
        .mockRejectedValueOnce(new Error("offline"))
        .mockImplementation(async () => thePackage());
      const { open } = own({ load });
      const first = await open();
      expect(first.calls).toEqual([["lost", "The transport could not be loaded: Error: offline"]]);
      await open();
      last().welcome();
      expect(sockets).toHaveLength(1);
    });

    test("a connection that is closed before the package has loaded opens nothing", async () => {
      const { open, load } = own();
      const noted = noteCalls();
      const transport = pusher({ key: "app", host: "broker", load });
      transport.connect(noted.handlers).close();
      await tick(30_000);
      expect([sockets.length, noted.calls]).toEqual([0, []]);
      await open();
      expect(sockets).toHaveLength(1);
    });

    test("the URL follows the options: host, port, path, key, TLS, or a cluster", async () => {
      const urlOf = async (options: Partial<PusherOptions>) => {
        await own(options).open();
        return last().url.replace(/\?.*/, "");
      };
      expect(await urlOf({})).toBe("wss://broker:443/app/app");
      expect(await urlOf({ tls: false, port: 6001 })).toBe("ws://broker:6001/app/app");
      expect(await urlOf({ path: "soketi/" })).toBe("wss://broker:443/soketi/app/app");
      expect(await urlOf({ key: "a/b" })).toBe("wss://broker:443/app/a%2Fb");
      expect(
        await urlOf({ host: undefined, cluster: "eu" } as unknown as Partial<PusherOptions>),
      ).toBe("wss://ws-eu.pusher.com:443/app/app");
      expect(() => pusher({ key: "app" })).toThrow("Give a host, or a cluster of hosted Pusher.");
    });

    test("only connected, subscribed, refused and events are reported, in order", async () => {
      const { calls, connection } = await own().open();
      last().welcome();
      connection.subscribe("private-a", "signature");
      connection.signIn("signature", "{}");
      await tick();
      connection.unsubscribe("private-b");
      expect(last().sent).toEqual([
        { event: "pusher:subscribe", data: { channel: "private-a", auth: "signature" } },
        { event: "pusher:signin", data: { auth: "signature", user_data: "{}" } },
      ]);
      connection.subscribe("private-b", "signature");
      last().say(ack("private-a"));
      last().say({ event: "pusher:subscription_error", channel: "private-b", data: {} });
      last().say({ event: "comment.created", channel: "private-a", data: '{"v":1}' });
      last().say({ event: "comment.created", channel: "private-a", data: "no JSON" });
      last().say({ event: "comment.created", channel: "private-foreign", data: "{}" });
      last().say({ event: "pusher_internal:subscription_count", channel: "private-a", data: "{}" });
      expect(calls).toEqual([
        ["connected", "1.2"],
        ["subscribed", "private-a"],
        ["failed", "private-b"],
        ["event", "private-a", "comment.created", { v: 1 }],
        ["event", "private-a", "comment.created", "no JSON"],
      ]);
    });

    test("an answer to the sign-in and malformed frames throw nothing", async () => {
      const { calls } = await own().open();
      last().welcome();
      const data = JSON.stringify({ user_data: JSON.stringify({ id: "u1" }) });
      last().say({ event: "pusher:signin_success", data });
      for (const frame of ["no JSON", "null", "[]", {}, { event: 7 }, { channel: "x" }]) {
        last().say(frame);
      }
      await tick();
      expect(calls).toEqual([["connected", "1.2"]]);
      // It does not subscribe to the user's channel, which a broker may refuse.
      expect(last().sent).toEqual([]);
    });

    test("J5 without TLS no second socket is opened, and no request goes to another host", async () => {
      const request = vi.spyOn(XMLHttpRequest.prototype, "open");
      await own({ tls: false }).open();
      await tick(9_000);
      last().welcome();
      await tick(60_000);
      expect([sockets.length, request.mock.calls]).toEqual([1, []]);
      expect(document.querySelectorAll("script")).toHaveLength(0);
    });

    test("J5 nothing is written to localStorage", async () => {
      const written = vi.spyOn(Storage.prototype, "setItem");
      const { open } = own();
      const { connection } = await open();
      last().welcome();
      connection.close();
      await open();
      last().end(1006);
      await tick(20_000);
      expect([Object.keys(localStorage), written.mock.calls]).toEqual([[], []]);
    });
  });
});
