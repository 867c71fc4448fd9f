// @vitest-environment jsdom
import { describe, expect, test, vi } from "vitest";
import {
  ack,
  fakeSockets,
  last,
  onPackage,
  range,
  sockets,
  tick,
} from "../../../../tests/support/rigs/pusher-rig.ts";

fakeSockets();

describe.each(range)("%s", (name) => {
  const { own, thePackage } = onPackage(name);

  describe("an instance created by the transport", () => {
    test.each([
      [4000, "Use TLS.", "refused"],
      [4001, "There is no such app.", "refused"],
      [4099, "", "refused"],
      [4100, "Over capacity.", "lost"],
      [4200, "", "lost"],
      [4301, "", "lost"],
      [1000, "", "lost"],
      [1001, "", "lost"],
      [1002, "", "lost"],
      [1006, "", "lost"],
    ])(
      "J6 a close with %i before the handshake is reported at once, without another attempt",
      async (code, reason, reported) => {
        const { calls } = await own().open();
        last().end(code, reason);
        expect(calls).toEqual([[reported, reason || `The socket closed (${code}).`]]);
        await tick(120_000);
        expect([sockets.length, calls.length]).toEqual([1, 1]);
      },
    );

    test.each([1000, 1001, 1002, 1006, 4000, 4009, 4100, 4200, 4301])(
      "J6 a close with %i after the handshake is reported at once as lost, without another attempt",
      async (code) => {
        const { open } = own();
        const { calls } = await open();
        last().welcome();
        last().end(code);
        expect(calls).toEqual([
          ["connected", "1.2"],
          ["lost", `The socket closed (${code}).`],
        ]);
        await tick(120_000);
        expect([sockets.length, calls.length]).toEqual([1, 2]);
        const again = await open();
        last().welcome("3.4");
        expect([sockets.length, again.calls]).toEqual([2, [["connected", "3.4"]]]);
        expect(last().url).toContain("wss:");
      },
    );

    test("J6 a refusal for missing TLS does not change how the next attempt connects", async () => {
      const { open } = own({ tls: false });
      await open();
      last().end(4000);
      await open();
      expect(last().url).toContain("ws://broker:80/");
    });

    test("J6 the late close of an earlier attempt's socket does not end the current one", async () => {
      const { open } = own();
      const first = await open();
      const early = last();
      first.connection.close();
      const { calls } = await open();
      early.end(1006);
      last().welcome("3.4");
      expect(calls).toEqual([["connected", "3.4"]]);
    });

    test("J6 an invalid address is reported", async () => {
      vi.stubGlobal(
        "WebSocket",
        class {
          constructor() {
            throw new SyntaxError("The URL is invalid.");
          }
        },
      );
      const { calls } = await own().open();
      expect(calls).toEqual([["lost", "The socket closed (1006)."]]);
    });

    test.each([
      [4001, "refused"],
      [4200, "lost"],
    ])(
      "J6 an error %i of the broker instead of a handshake ends the attempt before the socket closes",
      async (code, reported) => {
        const { calls } = await own().open();
        last().open();
        last().say({ event: "pusher:error", data: { code, message: "No." } });
        expect(calls).toEqual([[reported, "No."]]);
        await tick(60_000);
        expect([sockets.length, last().readyState]).toEqual([1, 3]);
      },
    );

    test("J6 an error of the broker that ends the connection ends it before the socket closes", async () => {
      const { calls } = await own().open();
      last().welcome();
      last().say({ event: "pusher:error", data: { code: 4009, message: "Signed out." } });
      expect(calls).toEqual([
        ["connected", "1.2"],
        ["lost", "Signed out."],
      ]);
    });

    test("an error about one message does not end the connection", async () => {
      const { calls, connection } = await own().open();
      last().welcome();
      connection.subscribe("private-a", "signature");
      last().say({ event: "pusher:error", data: { code: 4301, message: "Too fast." } });
      last().say({ event: "pusher:error", data: { code: null, message: "Not signed." } });
      last().say(ack("private-a"));
      expect(calls.slice(1)).toEqual([["subscribed", "private-a"]]);
    });

    test("J7 a broker that is silent for 10 s is pinged, and the connection is lost 4 s later", async () => {
      const { calls } = await own().open();
      last().welcome();
      await tick(9_000);
      last().say({ event: "comment.created", channel: "private-a" });
      await tick(9_999);
      expect(last().sent).toEqual([]);
      await tick(2);
      expect(last().sent).toEqual([{ event: "pusher:ping", data: {} }]);
      last().say({ event: "pusher:pong" });
      await tick(13_999);
      expect(calls).toHaveLength(1);
      await tick(1);
      expect(calls.at(-1)).toEqual(["lost", "The broker did not answer within 4 s."]);
      await tick(60_000);
      expect([sockets.length, last().readyState]).toEqual([1, 3]);
    });

    test("J7 a broker with a shorter activity timeout is pinged more often", async () => {
      await own().open();
      last().welcome("1.2", 5);
      await tick(5_001);
      expect(last().sent[0]).toEqual({ event: "pusher:ping", data: {} });
    });

    test("a ping is answered by the next pong, and not by another message", async () => {
      const { connection } = await own().open();
      last().welcome();
      let answers = 0;
      connection.ping(() => {
        answers += 1;
      });
      last().say({ event: "comment.created", channel: "private-a" });
      expect(answers).toBe(0);
      last().say({ event: "pusher:pong" });
      last().say({ event: "pusher:pong" });
      expect(answers).toBe(1);
    });

    test("J8 another app key creates another instance and disconnects the first", async () => {
      const { open } = own();
      const first = await open();
      const early = last();
      early.welcome();
      first.connection.close();
      const { calls } = await open("next");
      expect([early.readyState, last().url.replace(/\?.*/, "")]).toEqual([
        3,
        "wss://broker:443/app/next",
      ]);
      last().welcome("3.4");
      await tick(60_000);
      expect([sockets.length, calls[0], first.calls]).toEqual([
        2,
        ["connected", "3.4"],
        [["connected", "1.2"]],
      ]);
    });

    test("after close nothing is reported or scheduled, and the package keeps no instance", async () => {
      const before = thePackage().instances.length;
      const { calls, connection } = await own().open();
      last().welcome();
      connection.close();
      last().say({ event: "comment.created", channel: "private-a" });
      last().end(1000);
      await tick(60_000);
      connection.close();
      expect([calls, sockets.length]).toEqual([[["connected", "1.2"]], 1]);
      expect([vi.getTimerCount(), thePackage().instances.length]).toEqual([0, before]);
    });
  });
});
