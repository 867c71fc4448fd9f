import type {
  Disconnection,
  Transport,
  TransportConnection,
  TransportHandlers,
} from "../../client/transport.ts";
import { type Clock, createTimers } from "../../protocol/clock.ts";
import { createFollower } from "./follower.ts";
import { createLeaderWatchdog } from "./leader-watchdog.ts";
import { isAnswerMessage, isLeadMessage, type LeadMessage, type Message } from "./message.ts";
import { openTabChannel } from "./tab-channel.ts";
import { createTabLeader, type TabLeader } from "./tab-leader.ts";
import { createTabLocks } from "./tab-locks.ts";
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
  let isConnected = false;
  let isOver = false;
  let hiddenSinceMs = tabs.isVisible() ? undefined : clock.now();

  const post = (message: Message) => channel.post(message);
  const end = (why: Disconnection) => {
    isOver = true;
    timers.clear();
    stopListening();
    if (tabLeader === undefined) post({ type: "leave", from: id });
    else tabLeader.close(why);
    locks.release();
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
    if (locks.holdsOwn()) post({ type: "hello", from: id, isVisible: tabs.isVisible() });
  };

  const lead = () => {
    watchdog.stop();
    leader = id;
    tabLeader = createTabLeader({
      id,
      connect,
      clock,
      post,
      watchFollower: locks.watch,
      onLost: fail,
    });
    post({ type: "lead", from: id });
    hello();
  };

  const watchdog = createLeaderWatchdog({
    timers,
    ask: hello,
    onSilence: () => locks.seekLead({ steal: true }),
  });
  const { receive: receiveAnswer, ...requests } = createFollower({
    id,
    handlers,
    leader: () => leader,
    post,
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
  const shouldGiveWay = () => tabLeader !== undefined && isThrottled(hiddenSinceMs, clock.now());

  const receive = (message: Message) => {
    if (isLeadMessage(message)) follow(message);
    else if (isAnswerMessage(message)) {
      if (message.from === leader) receiveAnswer(message);
    } else if (message.type === "hello" && message.isVisible && shouldGiveWay()) {
      fail(lost("A visible tab takes the lead."));
    } else tabLeader?.receive(message);
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
  const locks = createTabLocks({
    name,
    id,
    locks: tabs.locks,
    onOwn: () => {
      locks.seekLead({ steal: false });
      watchdog.askNow();
    },
    onLead: () => {
      if (!isConnected) lead();
      else timers.after(lostMessageMs, () => fail(lost("The leading tab was closed.")));
    },
    onLost: unable,
  });

  return {
    ...requests,
    close: () => {
      if (!isOver) end(lost("The leading tab closed its connection."));
    },
  };
}

function isThrottled(hiddenSinceMs: number | undefined, nowMs: number): boolean {
  return hiddenSinceMs !== undefined && nowMs - hiddenSinceMs >= throttledAfterMs;
}

function lost(message: string): Disconnection {
  return { reason: "lost", message };
}
