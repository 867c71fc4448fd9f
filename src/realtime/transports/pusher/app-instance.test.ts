// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import {
  ack,
  fakeSockets,
  last,
  onPackage,
  range,
  sockets,
  tick,
} from "../../../../tests/support/rigs/pusher-rig.ts";
import { pusher } from "./client.ts";

fakeSockets();

describe.each(range)("%s", (name) => {
  const { appInstance, rideOn } = onPackage(name);

  describe("the app's instance", () => {
    const setUp = async (options?: object) => {
      const instance = await appInstance(options);
      await tick();
      const transport = pusher(instance);
      return { instance, transport };
    };

    test("J2 one socket carries the channels of the app and of signals, and the app's authorizer signs only its own", async () => {
      const { instance, transport } = await setUp();
      const theirs: unknown[] = [];
      instance.subscribe("private-room").bind("joined", (data) => theirs.push(data));
      const { calls, connection } = await rideOn(transport);
      last().welcome();
      connection.subscribe("private-a", "ours");
      await tick();
      expect(last().sent).toEqual([
        { event: "pusher:subscribe", data: { channel: "private-room", auth: "the app's" } },
        { event: "pusher:subscribe", data: { channel: "private-a", auth: "ours" } },
      ]);
      last().say(ack("private-a"));
      last().say({ event: "joined", channel: "private-room", data: '"Ada"' });
      last().say({ event: "comment.created", channel: "private-a", data: '{"v":1}' });
      expect([sockets.length, theirs]).toEqual([1, ["Ada"]]);
      expect(calls).toEqual([
        ["connected", "1.2"],
        ["subscribed", "private-a"],
        ["event", "private-a", "comment.created", { v: 1 }],
      ]);
    });

    test("J2 close unsubscribes from signals, and changes neither the app's channels, handlers nor socket", async () => {
      const { instance, transport } = await setUp();
      const theirs: unknown[] = [];
      const states: unknown[] = [];
      instance.connection.bind("state_change", (change) => states.push(change));
      instance.subscribe("private-theirs").bind("x", (data) => theirs.push(data));
      const { connection, calls } = await rideOn(transport);
      last().welcome();
      connection.subscribe("private-a", "ours");
      last().say(ack("private-theirs"));
      await tick();
      states.length = 0;
      connection.close();
      await tick();
      expect(last().sent.at(-1)).toEqual({
        event: "pusher:unsubscribe",
        data: { channel: "private-a" },
      });
      last().say({ event: "x", channel: "private-theirs", data: "1" });
      last().say({ event: "comment.created", channel: "private-a", data: "{}" });
      expect([theirs, states, last().readyState, calls]).toEqual([
        [1],
        [],
        1,
        [["connected", "1.2"]],
      ]);
    });

    test("J2 signIn does not sign a user in on the app's socket", async () => {
      const { transport } = await setUp();
      const { connection } = await rideOn(transport);
      last().welcome();
      connection.signIn("signature", "{}");
      await tick();
      expect(last().sent).toEqual([]);
    });

    test("J2 an app's handler that throws stops no signal, and a signal handler that throws stops no app event", async () => {
      const { instance, transport } = await setUp();
      const theirs: unknown[] = [];
      instance.bind_global((event) => {
        theirs.push(event);
        throw new Error("the app's");
      });
      const { calls, connection } = await rideOn(transport);
      last().welcome();
      connection.subscribe("private-a", "ours");
      expect(() => last().say({ event: "x.y", channel: "private-a", data: "{}" })).toThrow(
        "the app's",
      );
      expect([calls.at(-1), theirs]).toEqual([["event", "private-a", "x.y", {}], ["x.y"]]);
    });

    test("an open socket is used after the broker has answered on it", async () => {
      const { transport } = await setUp();
      last().welcome();
      const { calls } = await rideOn(transport);
      await tick();
      expect([calls, last().sent]).toEqual([[], [{ event: "pusher:ping", data: {} }]]);
      last().say({ event: "pusher:pong" });
      expect(calls).toEqual([["connected", "1.2"]]);
    });

    test("J7 an open socket on which the broker does not answer is lost", async () => {
      const { transport } = await setUp();
      last().welcome();
      const { calls } = await rideOn(transport);
      await tick(4_000);
      expect(calls).toEqual([["lost", "The broker did not answer within 4 s."]]);
      expect([sockets.length, last().readyState]).toEqual([1, 1]);
    });

    test("J7 a frozen broker is detected within 14 s, also with a longer timeout of the app", async () => {
      const { transport } = await setUp({ activityTimeout: 120_000, pongTimeout: 30_000 });
      const { calls } = await rideOn(transport);
      last().welcome();
      await tick(14_000);
      expect(calls.at(-1)).toEqual(["lost", "The broker did not answer within 4 s."]);
      expect(last().readyState).toBe(1);
    });

    test("J3 a reconnect of the instance is followed, and channels are subscribed again", async () => {
      const { transport } = await setUp();
      const first = await rideOn(transport);
      last().welcome();
      last().end(1006);
      expect(first.calls.at(-1)?.[0]).toBe("lost");
      const second = await rideOn(transport);
      await tick(1_000);
      expect(sockets).toHaveLength(2);
      last().welcome("3.4");
      second.connection.subscribe("private-a", "ours");
      last().say(ack("private-a"));
      expect(second.calls).toEqual([
        ["connected", "3.4"],
        ["subscribed", "private-a"],
      ]);
    });

    test.each([1000, 1001, 1006, 4009, 4100, 4200])(
      "J3 the loss of the app's socket by a close with %i is reported at once",
      async (code) => {
        const { transport } = await setUp();
        const { calls } = await rideOn(transport);
        last().welcome();
        last().end(code);
        await tick();
        expect(calls.map(([what]) => what)).toEqual(["connected", "lost"]);
      },
    );

    test("J3 a disconnect by the app is a lost connection, and its next connection is followed", async () => {
      const { instance, transport } = await setUp();
      const first = await rideOn(transport);
      last().welcome();
      instance.disconnect();
      expect(first.calls.at(-1)).toEqual([
        "lost",
        "The socket is lost; pusher-js is disconnected.",
      ]);
      const second = await rideOn(transport);
      await tick(60_000);
      expect([second.calls, sockets.length]).toEqual([[], 1]);
      instance.connect();
      await tick();
      last().welcome("3.4");
      expect(second.calls).toEqual([["connected", "3.4"]]);
    });

    test("J4 unsubscribing keeps a channel that the app also uses", async () => {
      const { instance, transport } = await setUp();
      const { calls, connection } = await rideOn(transport);
      last().welcome();
      instance.subscribe("private-a");
      last().say(ack("private-a"));
      await tick();
      connection.subscribe("private-a", "ours");
      await tick();
      expect(calls.at(-1)).toEqual(["subscribed", "private-a"]);
      connection.unsubscribe("private-a");
      connection.close();
      await tick();
      expect(last().sent.map(({ event }) => event)).toEqual(["pusher:subscribe"]);
    });

    test("J4 a channel that the app unsubscribes is subscribed again", async () => {
      const { instance, transport } = await setUp();
      const { calls, connection } = await rideOn(transport);
      last().welcome();
      connection.subscribe("private-a", "ours");
      last().say(ack("private-a"));
      instance.subscribe("private-a");
      await tick();
      last().say(ack("private-a"));
      await tick(1_000);
      instance.unsubscribe("private-a");
      await tick(1_000);
      expect(calls.at(-1)).toEqual(["failed", "private-a"]);
      connection.unsubscribe("private-a");
      connection.subscribe("private-a", "a new signature");
      await tick();
      expect(last().sent.at(-1)).toEqual({
        event: "pusher:subscribe",
        data: { channel: "private-a", auth: "a new signature" },
      });
    });

    test("J8 an instance with another key than the server's is refused, with the remedy", async () => {
      const { transport } = await setUp();
      last().welcome();
      const { calls } = await rideOn(transport, "next");
      expect(calls).toEqual([
        [
          "refused",
          "The server uses the app next, the given Pusher instance app. Reload the page, or create a new instance.",
        ],
      ]);
      expect(last().readyState).toBe(1);
    });

    test("J9 a subscription that the broker refuses is sent again with a new signature while connected", async () => {
      const { transport } = await setUp();
      const { calls, connection } = await rideOn(transport);
      last().welcome();
      connection.subscribe("private-a", "spoilt");
      last().say({ event: "pusher:subscription_error", channel: "private-a", data: {} });
      connection.unsubscribe("private-a");
      connection.subscribe("private-a", "good");
      await tick();
      last().say(ack("private-a"));
      expect(calls.slice(1)).toEqual([
        ["failed", "private-a"],
        ["subscribed", "private-a"],
      ]);
      expect(last().sent.at(-1)?.data).toEqual({ channel: "private-a", auth: "good" });
    });

    test("J8 a version before 8.2 is an error that names it", async () => {
      const { instance } = await setUp();
      for (const version of ["8.1.0", "7.6.0", "4.4.0"]) {
        instance.timeline.options.version = version;
        expect(() => pusher(instance)).toThrow(
          `pusher-js is version ${version}, 8.2 or later is required.`,
        );
      }
      for (const version of ["8.2.0", "8.10.1", "9.0.0"]) {
        instance.timeline.options.version = version;
        expect(() => pusher(instance)).not.toThrow();
      }
    });
  });
});
