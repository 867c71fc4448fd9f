import { afterEach, beforeAll, beforeEach, vi } from "vitest";
import type { Transport } from "../../../src/realtime/client/transport.ts";
import {
  type PusherInstance,
  type PusherOptions,
  pusher,
} from "../../../src/realtime/transports/pusher/client.ts";
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

/** The oldest and the newest version in the range of the peer dependency. */
export const range = ["pusher-js", "pusher-js-oldest"];
/** The packages' browser builds, loaded before the clock is faked. */
const packages = new Map<string, Package>();
/** Sockets of the current test, in the order in which they were opened. */
export const sockets: FakeSocket[] = [];
export const last = () => sockets.at(-1) as FakeSocket;
/** `pusher-js` sends in a timer, 1 ms later. */
export const tick = (ms = 1) => vi.advanceTimersByTimeAsync(ms);

/** Fakes the clock and WebSockets in the tests of a file. */
export function fakeSockets(): void {
  beforeAll(async () => {
    for (const name of range) {
      packages.set(name, (await import(`${name}/dist/web/pusher.js`)).default);
    }
  });

  beforeEach(() => {
    sockets.length = 0;
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
}

/** The broker's acknowledgement of a subscription. */
export const ack = (channel: string) => ({
  event: "pusher_internal:subscription_succeeded",
  channel,
  data: "{}",
});

/** Transports over one version of the package. */
export function onPackage(name: string) {
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
  return { thePackage, own, appInstance, rideOn };
}
