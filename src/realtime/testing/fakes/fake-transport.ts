import type { Transport, TransportHandlers } from "../../client/transport.ts";
import { type Clock, createTimers } from "../../protocol/clock.ts";
import type { BrokerCore, Frame } from "./broker-core.ts";

/** As in the Pusher transport: after 10 s of silence a ping, and 5 s later the socket is closed. */
const activityTimeoutMs = 10_000;
const pongTimeoutMs = 5_000;

/** A transport to the fake broker without sockets. With a clock it detects a frozen broker. */
export function createFakeTransport(core: BrokerCore, clock: Clock | undefined): Transport {
  return { name: "fake", connect: (handlers) => connect(core, clock, handlers) };
}

function connect(core: BrokerCore, clock: Clock | undefined, handlers: TransportHandlers) {
  const timers = clock && createTimers(clock);
  let isOpen = true;
  let pings: (() => void)[] = [];
  /** Frames are sent in a microtask, because a real socket does not send within the call. */
  const outbox: Frame[] = [];

  const flush = () => {
    for (const frame of outbox.splice(0)) socket.send(frame);
  };
  const send = (event: string, data: Readonly<Record<string, string>>) => {
    if (!isOpen) return;
    if (outbox.length === 0) queueMicrotask(flush);
    outbox.push({ event, data });
  };
  const close = () => {
    if (!isOpen) return;
    // Frames sent before the close arrive before it.
    flush();
    isOpen = false;
    timers?.clear();
    socket.close();
  };
  const lost = (code: number, message: string) => {
    if (!isOpen) return;
    close();
    handlers.disconnected({ reason: code >= 4000 && code < 4100 ? "refused" : "lost", message });
  };
  const watch = () => {
    timers?.clear();
    timers?.after(activityTimeoutMs, () => {
      send("pusher:ping", {});
      timers.after(pongTimeoutMs, () => lost(1006, "The broker does not answer."));
    });
  };
  const receive = ({ event, channel, data }: Frame) => {
    if (!isOpen) return;
    watch();
    if (event === "pusher:connection_established") {
      handlers.connected((JSON.parse(String(data)) as { socket_id: string }).socket_id);
    }
    if (event === "pusher:pong") {
      const answered = pings;
      pings = [];
      for (const each of answered) each();
    }
    if (channel === undefined) return;
    if (event === "pusher_internal:subscription_succeeded") handlers.subscribed(channel);
    else if (event === "pusher:subscription_error") handlers.subscriptionFailed(channel);
    else if (!event.startsWith("pusher")) handlers.event(channel, event, data);
  };

  const socket = core.open({ receive, closed: lost });
  queueMicrotask(() => {
    if (isOpen) socket.welcome();
  });
  return {
    subscribe: (channel: string, auth: string) => send("pusher:subscribe", { channel, auth }),
    unsubscribe: (channel: string) => send("pusher:unsubscribe", { channel }),
    signIn: (auth: string, userData: string) =>
      send("pusher:signin", { auth, user_data: userData }),
    ping: (answered: () => void) => {
      pings.push(answered);
      send("pusher:ping", {});
    },
    close,
  };
}
