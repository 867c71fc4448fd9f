// @vitest-environment jsdom
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Transport } from "../../client/transport.ts";
import { type PusherInstance, type PusherOptions, pusher } from "./client.ts";
import { FakeSocket, noteCalls } from "./fake-socket-rig.ts";

/** A `Pusher` instance created by an app. */
type AppPusher = PusherInstance & {
  readonly connection: { bind(event: string, callback: (data: unknown) => void): void };
  connect(): void;
  disconnect(): void;
  subscribe(channel: string): { bind(event: string, callback: (data: unknown) => void): void };
  unsubscribe(channel: string): void;
  bind_global(callback: (event: string, data: unknown) => void): void;
  timeline: { options: { version: string } };
};
interface Package {
  new (key: string, options: object): AppPusher;
  readonly instances: unknown[];
}

let sockets: FakeSocket[] = [];
const last = () => sockets.at(-1) as FakeSocket;
/** `pusher-js` sends in a timer, 1 ms later. */
const tick = (ms = 1) => vi.advanceTimersByTimeAsync(ms);

const range = ["pusher-js", "pusher-js-oldest"];
/** The packages' browser builds, loaded before the clock is faked. */
const packages = new Map<string, Package>();
beforeAll(async () => {
  for (const name of range) {
    packages.set(name, (await import(`${name}/dist/web/pusher.js`)).default);
  }
});

beforeEach(() => {
  sockets = [];
  vi.useFakeTimers();
  vi.stubGlobal(
    "WebSocket",
    class extends FakeSocket {
      constructor(url: string) {
        super(url);
        sockets.push(this);
      }
    },
  );
});
afterEach(() => {
  vi.clearAllTimers();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  localStorage.clear();
});

const ack = (channel: string) => ({
  event: "pusher_internal:subscription_succeeded",
  channel,
  data: "{}",
});

/** The oldest and the newest version in the range of the peer dependency. */
describe.each(range)("%s", (name) => {
  const thePackage = () => packages.get(name) as Package;
  const own = (options: Partial<PusherOptions> = {}) => {
    const load = vi.fn(async () => thePackage());
    const transport = pusher({ key: "app", host: "broker", load, ...options });
    const open = async (key?: string) => {
      const noted = noteCalls();
      const connection = transport.connect(noted.handlers, key);
      await tick();
      return { ...noted, connection };
    };
    return { load, open };
  };
  const appInstance = async (options: object = {}): Promise<AppPusher> => {
    const Pusher = thePackage();
    return new Pusher("app", {
      cluster: "",
      wsHost: "broker",
      enabledTransports: ["ws"],
      channelAuthorization: {
        customHandler: (_: unknown, callback: (error: null, data: object) => void) =>
          callback(null, { auth: "the app's" }),
      },
      ...options,
    });
  };
  const rideOn = async (transport: Transport, key?: string) => {
    const noted = noteCalls();
    const connection = transport.connect(noted.handlers, key);
    await tick();
    return { ...noted, connection };
  };

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
