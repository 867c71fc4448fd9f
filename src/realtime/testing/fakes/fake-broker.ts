import type { Transport } from "../../client/transport.ts";
import type { Clock } from "../../protocol/clock.ts";
import { encodeSignal, type Signal } from "../../protocol/signal.ts";
import { toWireName } from "../../protocol/wire-name.ts";
import type { Broker, Delivery } from "../../server/ports.ts";
import { within } from "../../server/within.ts";
import { createBrokerCore, type FakeSocket } from "./broker-core.ts";
import { type BrokerFront, type BrokerFrontOptions, listen } from "./broker-front.ts";
import { createEventFaults, type EventFaults } from "./event-faults.ts";
import { defaultApp, type FakeApp, signChannel, signUserData } from "./fake-app.ts";
import { createFakeTransport } from "./fake-transport.ts";

/** Options of {@link createFakeBroker}. */
export interface FakeBrokerOptions {
  /** App whose secret checks signatures. Default: the app of all fakes. */
  readonly app?: FakeApp;
  /** Needed for delays and timeouts. Without a clock, clients do not notice a frozen broker. */
  readonly clock?: Clock;
}

/**
 * A broker in this process that speaks the Pusher protocol, with fault injection. Clients use `transport` and
 * servers `broker`, without a socket; {@link FakeBroker.listen} opens real sockets. It checks signatures.
 * Events arrive before the call that publishes them returns, other frames in a microtask.
 */
export interface FakeBroker {
  readonly app: FakeApp;
  /** Connects clients to this broker. */
  readonly transport: Transport;
  /** For servers: publishes and signs. */
  readonly broker: Broker;
  /** Open sockets. */
  readonly sockets: ReadonlySet<FakeSocket>;
  /** Number of sockets so far, including refused ones. */
  attempts(): number;
  /** Every subscribe and unsubscribe, in order, e.g. `+private-user.1.e0`. */
  readonly log: readonly string[];
  /** Delivers a signal to all subscribers, as the relay does. */
  publish(wireName: string, signal: Signal): void;
  /** Delivers any event to all subscribers, e.g. a forged, malformed or oversized one. */
  send(wireName: string, name: string, data: unknown): void;
  /** Faults of later events. */
  readonly events: EventFaults;
  /**
   * Closes all sockets and refuses new ones; publishing fails. After a close code of 4000 to 4099 clients wait
   * longer before they reconnect. Default 1006, a broken connection.
   */
  stop(code?: number): void;
  /** Accepts sockets again after `stop`. */
  start(): void;
  /** Closes the open sockets, or those of one user, with a close code. Accepts new ones. */
  cut(code?: number, userId?: string): void;
  /** Delays all frames until `thaw` and keeps sockets open, like a stopped process. */
  freeze(): void;
  /** Ends `freeze` and passes the delayed frames. */
  thaw(): void;
  /** Drops all frames of the open sockets without closing them. Accepts new sockets. */
  halfOpen(): void;
  /** While mute, the broker acknowledges neither connections nor subscriptions. */
  setMute(isMute: boolean): void;
  /** Refuses the next subscription to this name, even with a valid signature. */
  reject(wireName: string): void;
  /** Makes the next `count` calls to publish or sign fail. Default 1. */
  failCalls(count?: number): void;
  /** Delays signatures. Returns a function that ends the delay. */
  holdAuth(): () => void;
  /** Opens a WebSocket and the HTTP API on 127.0.0.1, e.g. for pusher-js. Needs the package `ws`. */
  listen(options?: BrokerFrontOptions): Promise<BrokerFront>;
}

/** Bytes of an event's data that hosted Pusher accepts. */
const longestData = 10_240;
/** Timeout of a call to a frozen broker. */
const callTimeoutMs = 3_000;

/** Makes a broker in this process. See {@link FakeBroker}. */
export function createFakeBroker({ app = defaultApp, clock }: FakeBrokerOptions = {}): FakeBroker {
  const core = createBrokerCore(app);
  const events = createEventFaults(clock);
  let failures = 0;
  let isFrozen = false;
  let authIsHeld: Promise<void> | undefined;

  const send = (wireName: string, name: string, data: unknown) =>
    events.pass(() => core.deliver(wireName, name, data));

  /** Throws while the broker is stopped or frozen, or after `failCalls`. */
  const answer = async () => {
    if (failures > 0) {
      failures -= 1;
      throw new Error("The fake broker fails this call, because of failCalls().");
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
      throw new Error(`The data of an event has more than the allowed ${longestData} bytes.`);
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
    countSubscriptions: async () => {
      await answer();
      return core.countSubscriptions();
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
