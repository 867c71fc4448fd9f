import { messageEvent } from "../../protocol/ephemeral/message.ts";
import { epochChangedEvent } from "../../protocol/epoch-changed.ts";
import type { ChannelPosition } from "../../protocol/messages.ts";
import { decodeSignal } from "../../protocol/signal.ts";
import { inBatches } from "./batches.ts";
import { planCatchUp, planRepair } from "./catch-up.ts";
import type { Channel, Join } from "./channel.ts";
import type { JoinState } from "./channel-state.ts";
import { recordFrame } from "./frame-order.ts";
import {
  begin,
  changeEpoch,
  continueLater,
  enter,
  inState,
  leave,
  report,
  retryLater,
  type SessionOptions,
  type SessionState,
  settle,
  subscribe,
  unsubscribe,
} from "./joins.ts";

const joinGatherMs = 15;
const acknowledgeTimeoutMs = 10_000;
/** Messages kept while the replay is awaited. */
const heldAtMost = 1_000;
/**
 * After a reconnect the join and the catch-up are each spread over this part of the server's spread.
 * Reconnecting was spread already, but a load balancer in between may have let all clients in at once.
 */
const returnShare = 1 / 4;

/** Join states in which an acknowledgement starts a catch-up. In the others one is due already. */
const caughtUpOnAcknowledge: ReadonlySet<JoinState> = new Set([
  "subscribing",
  "catching-up",
  "live",
]);

/** The channels joined on one connection. A new connection has a new session. */
export interface Session {
  join(channel: Channel): void;
  /** Joins the channels of the previous connection, spread over time because many clients do so. */
  resume(channels: readonly Channel[]): void;
  leave(channel: Channel): void;
  /** Catches up live channels again, e.g. after the page slept. Default: all of them. */
  catchUp(names?: readonly string[]): void;
  /** Positions of the live channels, in batches that the route accepts. */
  positions(): readonly (readonly ChannelPosition[])[];
  /** Reports progress again. */
  report(): void;
  /** Joins the channels again that were answered with `off`. */
  retryOff(): void;
  /** Lets the server have the broker close this user's sockets. Signals arrive without it, too. */
  signIn(): Promise<void>;
  subscribed(wireName: string): void;
  subscriptionFailed(wireName: string): void;
  event(wireName: string, name: string, data: unknown, rows?: readonly unknown[]): void;
  close(): void;
}

export function createSession(options: SessionOptions): Session {
  const session: SessionState = {
    ...options,
    joins: new Set(),
    byWireName: new Map(),
    plan: () => {
      planJoin(session);
      planCatchUp(session);
    },
  };
  const { connection, api, timers, channels, byWireName } = session;

  /** Moves channels to an earlier join state, from which they are joined or caught up again. */
  const goBack = (which: readonly Join[], state: "queued" | "acknowledged") => {
    for (const join of which) join.state = state;
    if (state === "queued") planJoin(session);
    else planCatchUp(session);
    report(session);
  };

  return {
    join: (channel) => goBack([enter(session, channel)], "queued"),
    resume: (wanted) => {
      const jitterMs = () => session.random() * session.spreadMs() * returnShare;
      const joinMs = jitterMs();
      session.isCatchUpHeld = true;
      timers.after(joinMs + jitterMs(), () => {
        session.isCatchUpHeld = false;
        planCatchUp(session);
      });
      const joins = wanted.map((channel) => enter(session, channel));
      continueLater(session, joins, joinMs);
    },
    leave: (channel) => {
      leave(session, channel);
      report(session);
    },
    catchUp: (names) => {
      const isMeant = ({ channel }: Join) => names?.includes(channel.name) ?? true;
      goBack(inState(session, "live").filter(isMeant), "acknowledged");
    },
    positions: () =>
      inBatches(
        inState(session, "live")
          .filter(({ channel }) => channel.messages === undefined)
          .map(({ channel: { name }, last }) => ({
            channel: name,
            cursor: channels.cursors.get(name) ?? "",
            last,
          })),
        ({ channel, cursor }) => channel.length + cursor.length + 100,
      ),
    report: () => report(session),
    retryOff: () => {
      const off = inState(session, "off");
      for (const join of off) join.isRetriedOff = true;
      goBack(off, "queued");
    },
    signIn: async () => {
      const answer = await api.signIn(session.socketId);
      if (session.isClosed || answer.status !== "ok") return;
      connection.signIn(answer.body.auth, answer.body.userData);
    },
    subscribed: (wireName) => {
      const join = byWireName.get(wireName);
      // A repeated acknowledgement: signals may have been missed while the transport reconnected.
      if (join && caughtUpOnAcknowledge.has(join.state)) goBack([join], "acknowledged");
    },
    subscriptionFailed: (wireName) => {
      const join = byWireName.get(wireName);
      // The signature may have expired or the wire name changed. A new join returns both.
      if (join) retryJoin(session, [join]);
    },
    event: (wireName, name, data, rows) => {
      const join = byWireName.get(wireName);
      if (join === undefined) return;
      if (name === epochChangedEvent) return changeEpoch(session, join);
      const { channel } = join;
      if (name === messageEvent) {
        if (join.state === "live") session.delivery.message(channel, data, 0);
        else {
          const held = { data, atMs: timers.now() };
          join.heldMessages = [...(join.heldMessages ?? []), held].slice(-heldAtMost);
        }
        return;
      }
      const decoded = decodeSignal(name, data);
      const signal = rows ? { ...decoded, rows } : decoded;
      const isGapPossible = recordFrame(join, signal, (id) => channels.seen.has(channel.name, id));
      if (isGapPossible && join.state === "live") planRepair(session);
      session.delivery.signal(channel, signal);
    },
    close: () => {
      session.isClosed = true;
      for (const { channel } of session.joins) channel.join = undefined;
      timers.clear();
      api.close();
    },
  };
}

function planJoin(session: SessionState): void {
  if (session.isJoinPlanned) return;
  session.isJoinPlanned = true;
  session.timers.after(joinGatherMs, () => {
    session.isJoinPlanned = false;
    const bytesOf = ({ channel }: Join) => channel.name.length + 3;
    for (const batch of inBatches(inState(session, "queued"), bytesOf)) void join(session, batch);
  });
}

async function join(session: SessionState, batch: readonly Join[]): Promise<void> {
  const still = begin(batch, "joining");
  const names = batch.map(({ channel }) => channel.name);
  const answer = await session.api.join(session.socketId, names);
  settle(session, answer, still("joining"), (each, result) => {
    if (result.status === "joined") subscribe(session, each, result.wireName, result.auth);
  });
  if (session.isClosed) return;
  session.timers.after(acknowledgeTimeoutMs, () => retryJoin(session, still("subscribing")));
}

function retryJoin(session: SessionState, batch: readonly Join[]): void {
  for (const each of batch) unsubscribe(session, each);
  retryLater(session, batch);
}
