import { type Clock, createTimers } from "../../client/clock.ts";
import type {
  Disconnection,
  Transport,
  TransportConnection,
  TransportHandlers,
} from "../../client/transport.ts";
import { createHub, type Hub } from "./hub.ts";
import { openLine } from "./line.ts";
import { requestLock } from "./lock.ts";
import { createMember } from "./member.ts";
import type { LeadMessage, Message } from "./message.ts";
import type { Tabs } from "./tabs.ts";
import { createWatch } from "./watch.ts";

/** From here on browsers let the timers of a hidden page run once a minute. */
const throttledAfterMs = 5 * 60_000;
/** The lock may arrive before the leader's last words, which tell why it went. */
const lastWordsMs = 50;

export interface SeatOptions {
  /** Of the line and the locks: tabs with the same name share. */
  readonly name: string;
  readonly connect: Transport["connect"];
  readonly handlers: TransportHandlers;
  readonly tabs: Tabs;
  readonly clock: Clock;
  /** This page may not use locks after all. The seat is given up, and nothing was reported. */
  onUnable(): void;
}

/**
 * One tab's part in the shared connection, for as long as one connection lives. Every seat queues for
 * the leader's lock. Who gets it before it has found a leader leads. To who gets it later it says that
 * the leader is gone: the seat ends, which hands the lock on to the next, and the client connects anew.
 * A tab that leads is a member of its own hub, as all others are.
 */
export function takeSeat(options: SeatOptions): TransportConnection {
  const { name, connect, handlers, tabs, clock } = options;
  const id = tabs.newId();
  const timers = createTimers(clock);
  let leader: string | undefined;
  let hub: Hub | undefined;
  let isSeated = false;
  let isConnected = false;
  let isOver = false;
  let releaseLead = () => {};
  let hiddenSinceMs = tabs.isVisible() ? undefined : clock.now();

  const end = (why: Disconnection) => {
    isOver = true;
    timers.clear();
    stopListening();
    if (hub === undefined) line.post({ type: "leave", from: id });
    else hub.close(why);
    releaseLead();
    releaseSeat();
    line.close();
  };

  const fail = (why: Disconnection) => {
    if (isOver) return;
    end(why);
    handlers.disconnected(why);
  };

  const unable = () => {
    if (isConnected || hub !== undefined) return fail(lost("The lock was taken from this tab."));
    end(lost("This tab cannot share."));
    options.onUnable();
  };

  const hello = () => {
    // Not before this seat's own lock is held: a leader that gets it takes the tab for gone.
    if (isSeated) line.post({ type: "hello", from: id, isVisible: tabs.isVisible() });
  };

  const lead = () => {
    watch.stop();
    leader = id;
    hub = createHub({
      id,
      connect,
      clock,
      post: (message) => line.post(message),
      watchMember: (member, gone) =>
        requestLock(tabs.locks, lockOf(member), { granted: gone, lost: () => {} }),
      onLost: fail,
    });
    line.post({ type: "lead", from: id });
    hello();
  };

  const seekLead = (how: { readonly steal: boolean }) => {
    releaseLead();
    const granted = () => {
      if (!isConnected) return lead();
      timers.after(lastWordsMs, () => fail(lost("The leading tab is gone.")));
    };
    releaseLead = requestLock(tabs.locks, `${name} leader`, { granted, lost: unable }, how);
  };

  const lockOf = (seat: string) => `${name} seat ${seat}`;
  const watch = createWatch({ timers, ask: hello, onSilence: () => seekLead({ steal: true }) });
  const member = createMember({
    id,
    handlers,
    leader: () => leader,
    post: (message) => line.post(message),
  });

  const follow = (message: LeadMessage) => {
    const { type, from } = message;
    if (type === "lost") {
      if (from === leader) fail({ reason: message.reason, message: message.message });
    } else if (type === "lead") {
      if (from === leader) return;
      if (isConnected) return fail(lost("Another tab leads now."));
      leader = from;
      watch.askNow();
    } else if (message.to === id) {
      leader ??= from;
      if (from !== leader) return;
      if (hub === undefined) watch.heard();
      if (message.socketId === null || isConnected) return;
      isConnected = true;
      handlers.connected(message.socketId);
    }
  };

  /** A page whose timers hardly run finds a dead socket late, and somebody looks at another one. */
  const shouldGiveWay = () =>
    hub !== undefined &&
    hiddenSinceMs !== undefined &&
    clock.now() - hiddenSinceMs >= throttledAfterMs;

  const receive = (message: Message) => {
    switch (message.type) {
      case "lead":
      case "here":
      case "lost":
        return follow(message);
      case "subscribed":
      case "failed":
      case "pong":
      case "event":
        return message.from === leader ? member.hear(message) : undefined;
      case "hello":
        if (message.isVisible && shouldGiveWay()) {
          return fail(lost("A tab that is looked at leads instead."));
        }
        return hub?.receive(message);
      case "subscribe":
      case "unsubscribe":
      case "sign-in":
      case "ping":
      case "leave":
        return hub?.receive(message);
    }
  };

  const line = openLine(tabs, name, receive);
  const stopListening = tabs.listen({
    suspended: () => fail(lost("The page was suspended.")),
    visibilityChanged: () => {
      hiddenSinceMs = tabs.isVisible() ? undefined : clock.now();
      // Its timers may have been slowed down for long.
      if (tabs.isVisible() && isConnected && hub === undefined) watch.askNow();
    },
  });
  const releaseSeat = requestLock(tabs.locks, lockOf(id), {
    granted: () => {
      isSeated = true;
      seekLead({ steal: false });
      watch.askNow();
    },
    lost: unable,
  });

  return {
    subscribe: member.subscribe,
    unsubscribe: member.unsubscribe,
    signIn: member.signIn,
    ping: member.ping,
    close: () => {
      if (!isOver) end(lost("The leading tab closed its connection."));
    },
  };
}

function lost(message: string): Disconnection {
  return { reason: "lost", message };
}
