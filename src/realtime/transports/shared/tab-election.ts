import type {
  Disconnection,
  Transport,
  TransportConnection,
  TransportHandlers,
} from "../../client/transport.ts";
import { type Clock, createTimers } from "../../protocol/clock.ts";
import { createFollower } from "./follower.ts";
import { createLeaderWatchdog } from "./leader-watchdog.ts";
import { requestLock } from "./lock.ts";
import type { LeadMessage, Message } from "./message.ts";
import { openTabChannel } from "./tab-channel.ts";
import { createTabLeader, type TabLeader } from "./tab-leader.ts";
import type { Tabs } from "./tabs.ts";

/** After this time browsers run the timers of a hidden page only once a minute. */
const throttledAfterMs = 5 * 60_000;
/** The lock may arrive before the leader's `lost` message, which has the reason. */
const lostMessageMs = 50;

export interface TabElectionOptions {
  /** Name of the channel and the locks. Tabs with the same name share a connection. */
  readonly name: string;
  readonly connect: Transport["connect"];
  readonly handlers: TransportHandlers;
  readonly tabs: Tabs;
  readonly clock: Clock;
  /** Called instead of any handler when this page is not allowed to use locks. */
  onUnable(): void;
}

/**
 * One tab's part in the shared connection, for the lifetime of one connection. Every tab queues for the leader's lock.
 * A tab that gets it without having found a leader leads. For a follower, getting it means that the leader is gone: it
 * disconnects, which passes the lock to the next tab, and the client reconnects. The leader is its own follower.
 */
export function joinTabElection(options: TabElectionOptions): TransportConnection {
  const { name, connect, handlers, tabs, clock } = options;
  const id = tabs.newId();
  const timers = createTimers(clock);
  let leader: string | undefined;
  let tabLeader: TabLeader | undefined;
  let holdsOwnLock = false;
  let isConnected = false;
  let isOver = false;
  let releaseLead = () => {};
  let hiddenSinceMs = tabs.isVisible() ? undefined : clock.now();

  const end = (why: Disconnection) => {
    isOver = true;
    timers.clear();
    stopListening();
    if (tabLeader === undefined) channel.post({ type: "leave", from: id });
    else tabLeader.close(why);
    releaseLead();
    releaseOwnLock();
    channel.close();
  };

  const fail = (why: Disconnection) => {
    if (isOver) return;
    end(why);
    handlers.disconnected(why);
  };

  const unable = () => {
    if (isConnected || tabLeader !== undefined)
      return fail(lost("Another tab took this tab's lock."));
    end(lost("This tab cannot share a connection."));
    options.onUnable();
  };

  const hello = () => {
    // Sent only while this tab holds its own lock: a leader that could get the lock would treat the tab as closed.
    if (holdsOwnLock) channel.post({ type: "hello", from: id, isVisible: tabs.isVisible() });
  };

  const lead = () => {
    watchdog.stop();
    leader = id;
    tabLeader = createTabLeader({
      id,
      connect,
      clock,
      post: (message) => channel.post(message),
      watchFollower: (follower, gone) =>
        requestLock(tabs.locks, lockOf(follower), { granted: gone, lost: () => {} }),
      onLost: fail,
    });
    channel.post({ type: "lead", from: id });
    hello();
  };

  const seekLead = (how: { readonly steal: boolean }) => {
    releaseLead();
    const granted = () => {
      if (!isConnected) return lead();
      timers.after(lostMessageMs, () => fail(lost("The leading tab was closed.")));
    };
    releaseLead = requestLock(tabs.locks, `${name} leader`, { granted, lost: unable }, how);
  };

  /** Other builds use the same lock names, so they must not change without {@link sharingVersion}. */
  const lockOf = (tab: string) => `${name} seat ${tab}`;
  const watchdog = createLeaderWatchdog({
    timers,
    ask: hello,
    onSilence: () => seekLead({ steal: true }),
  });
  const follower = createFollower({
    id,
    handlers,
    leader: () => leader,
    post: (message) => channel.post(message),
  });

  const follow = (message: LeadMessage) => {
    const { type, from } = message;
    if (type === "lost") {
      if (from === leader) fail({ reason: message.reason, message: message.message });
    } else if (type === "lead") {
      if (from === leader) return;
      if (isConnected) return fail(lost("Another tab leads now."));
      leader = from;
      watchdog.askNow();
    } else if (message.to === id) {
      leader ??= from;
      if (from !== leader) return;
      if (tabLeader === undefined) watchdog.answered();
      if (message.socketId === null || isConnected) return;
      isConnected = true;
      handlers.connected(message.socketId);
    }
  };

  /** A leader with throttled timers detects a dead socket late, so it gives way to a visible tab. */
  const shouldGiveWay = () =>
    tabLeader !== undefined &&
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
        return message.from === leader ? follower.receive(message) : undefined;
      case "hello":
        if (message.isVisible && shouldGiveWay()) {
          return fail(lost("A visible tab takes the lead."));
        }
        return tabLeader?.receive(message);
      case "subscribe":
      case "unsubscribe":
      case "sign-in":
      case "ping":
      case "leave":
        return tabLeader?.receive(message);
    }
  };

  const channel = openTabChannel(tabs, name, receive);
  const stopListening = tabs.listen({
    suspended: () => fail(lost("The page was suspended.")),
    visibilityChanged: () => {
      hiddenSinceMs = tabs.isVisible() ? undefined : clock.now();
      // The timers may have been throttled while the tab was hidden.
      if (tabs.isVisible() && isConnected && tabLeader === undefined) watchdog.askNow();
    },
  });
  const releaseOwnLock = requestLock(tabs.locks, lockOf(id), {
    granted: () => {
      holdsOwnLock = true;
      seekLead({ steal: false });
      watchdog.askNow();
    },
    lost: unable,
  });

  return {
    subscribe: follower.subscribe,
    unsubscribe: follower.unsubscribe,
    signIn: follower.signIn,
    ping: follower.ping,
    close: () => {
      if (!isOver) end(lost("The leading tab closed its connection."));
    },
  };
}

function lost(message: string): Disconnection {
  return { reason: "lost", message };
}
