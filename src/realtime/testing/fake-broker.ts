import type { Clock } from "../client/clock.ts";
import type { Transport } from "../client/transport.ts";
import { encodeSignal, type Signal } from "../protocol/signal.ts";
import { toWireName } from "../protocol/wire-name.ts";
import { within } from "../server/clock.ts";
import type { Broker, Delivery } from "../server/ports.ts";
import { createBrokerCore, type FakeSocket } from "./broker-core.ts";
import { type BrokerFront, type BrokerFrontOptions, listen } from "./broker-front.ts";
import { createEventFaults, type EventFaults } from "./event-faults.ts";
import { defaultApp, type FakeApp, signChannel, signUserData } from "./fake-app.ts";
import { createFakeTransport } from "./fake-transport.ts";

export interface FakeBrokerOptions {
  /** What it checks signatures with. Default: an app every fake knows. */
  readonly app?: FakeApp;
  /** Without one nothing in the broker depends on time: clients never notice that it is frozen. */
  readonly clock?: Clock;
}

/**
 * A Pusher-protocol broker in this process, with the faults of real ones. `transport` is for clients
 * and `broker` for servers, so that both meet without a socket; {@link FakeBroker.listen} opens real
 * ones. Signatures are checked as a real broker checks them. Events arrive within the call that
 * publishes them, everything else a microtask later.
 */
export interface FakeBroker {
  readonly app: FakeApp;
  /** Connects clients to this broker. */
  readonly transport: Transport;
  /** Publishes to it, and signs for it. */
  readonly broker: Broker;
  /** Sockets open now. */
  readonly sockets: ReadonlySet<FakeSocket>;
  /** Sockets that ever asked to be opened. */
  attempts(): number;
  /** Every subscribe and unsubscribe, in order, e.g. `+private-user.1.e0`. */
  readonly log: readonly string[];
  /** Delivers to every subscriber, as the relay would have it. */
  publish(wireName: string, signal: Signal): void;
  /** Delivers whatever it is given: forged, malformed, oversized. */
  send(wireName: string, name: string, data: unknown): void;
  /** What happens to the events to come. */
  readonly events: EventFaults;
  /**
   * Ends all sockets and refuses new ones; publishing fails. The close code (default 1006, a
   * connection that broke) tells clients why: 4000 to 4099 do not come back soon.
   */
  stop(code?: number): void;
  start(): void;
  /** Ends the sockets that are open, or those of one user, with a close code; new ones are served. */
  cut(code?: number, userId?: string): void;
  /** Nothing passes and nothing closes, as with a stopped process. */
  freeze(): void;
  /** Everything that waited goes on. */
  thaw(): void;
  /** The sockets that are open now are dead and do not know it; new ones are served. */
  halfOpen(): void;
  /** While mute, nothing is acknowledged: not the connection, not a subscription. */
  setMute(isMute: boolean): void;
  /** The next subscription to this name fails, however well it is signed. */
  reject(wireName: string): void;
  /** The next `count` (default 1) calls to publish or sign fail. */
  failCalls(count?: number): void;
  /** Signatures wait until what it hands back is called. */
  holdAuth(): () => void;
  /** Opens a WebSocket and the HTTP API on 127.0.0.1, e.g. for pusher-js. Needs the package `ws`. */
  listen(options?: BrokerFrontOptions): Promise<BrokerFront>;
}

/** Bytes of an event's data that hosted Pusher takes. */
const longestData = 10_240;
/** How long a frozen broker is waited for. */
const callTimeoutMs = 3_000;

export function createFakeBroker({ app = defaultApp, clock }: FakeBrokerOptions = {}): FakeBroker {
  const core = createBrokerCore(app);
  const events = createEventFaults(clock);
  let failures = 0;
  let isFrozen = false;
  let authIsHeld: Promise<void> | undefined;

  const send = (wireName: string, name: string, data: unknown) =>
    events.pass(() => core.deliver(wireName, name, data));

  /** Fails like a broker that is away, or frozen. */
  const answer = async () => {
    if (failures > 0) {
      failures -= 1;
      throw new Error("The fake broker was told to fail.");
    }
    if (core.faults.refusal) throw new Error("The fake broker is stopped.");
    if (!isFrozen) return;
    const never = new Promise<void>(() => {});
    await (clock ? within(clock, callTimeoutMs, "The broker", never) : Promise.reject(frozen()));
  };

  const publish = async (deliveries: readonly Delivery[]) => {
    await answer();
    const encoded = deliveries.map(({ channel, accessEpoch, signal }) => ({
      wireName: toWireName(channel, accessEpoch),
      name: signal.name,
      data: encodeSignal(signal),
    }));
    if (encoded.some(({ data }) => Buffer.byteLength(data) > longestData)) {
      throw new Error(`The data of an event has more than ${longestData} bytes.`);
    }
    for (const { wireName, name, data } of encoded) send(wireName, name, data);
  };
  const sign = async <Signature>(make: () => Signature) => {
    if (failures > 0) await answer();
    await authIsHeld;
    return make();
  };
  const broker: Broker = {
    publish,
    signJoin: (socketId, wireName) => sign(() => signChannel(app, socketId, wireName)),
    signUser: (socketId, userId) =>
      sign(() => {
        const userData = JSON.stringify({ id: userId });
        return { auth: signUserData(app, socketId, userData), userData };
      }),
    terminate: async (userId) => {
      await answer();
      core.closeSockets(4009, "The user was signed out.", userId);
    },
    audience: async () => {
      await answer();
      return core.audience();
    },
  };

  return {
    app,
    transport: createFakeTransport(core, clock),
    broker,
    sockets: core.sockets,
    attempts: core.attempts,
    log: core.log,
    publish: (wireName, signal) => send(wireName, signal.name, encodeSignal(signal)),
    send,
    events,
    stop: (code = 1006) => {
      core.faults.refusal = { code, message: "The fake broker went away." };
      core.closeSockets(code, "The fake broker went away.");
    },
    start: () => {
      core.faults.refusal = undefined;
    },
    cut: (code = 1006, userId) => core.closeSockets(code, "The fake broker cut the line.", userId),
    freeze: () => {
      isFrozen = true;
      core.faults.freeze();
    },
    thaw: () => {
      isFrozen = false;
      core.faults.thaw();
    },
    halfOpen: core.faults.halfOpen,
    setMute: (isMute) => {
      core.faults.isMute = isMute;
    },
    reject: (wireName) => core.faults.rejected.add(wireName),
    failCalls: (count = 1) => {
      failures += count;
    },
    holdAuth: () => {
      let release = () => {};
      authIsHeld = new Promise<void>((resolve) => {
        release = resolve;
      });
      return () => {
        authIsHeld = undefined;
        release();
      };
    },
    listen: (options) => listen({ app, core, send }, options),
  };
}

function frozen(): Error {
  return new Error("The fake broker is frozen and does not answer.");
}
