import { fullJitterMs } from "../../protocol/back-off.ts";
import type { Timers } from "../../protocol/clock.ts";
import { type Answer, type Api, readSpreadMs } from "../api.ts";
import type { TransportConnection } from "../transport.ts";
import type { Channel, Join } from "./channel.ts";
import type { JoinState } from "./channel-state.ts";
import type { Channels } from "./channels.ts";
import type { Delivery } from "./delivery.ts";

const retry = { firstMs: 1_000, lastMs: 30_000 };
/** Window of the join after the epoch changed: all clients on the channel join again at the same time. */
const epochChange = { firstMs: 1_000, lastMs: 1_000 };

/** `impaired`: a channel waits for a retry. `behind`: a channel is not live yet. `caught-up`: none of these. */
export type Progress = "behind" | "impaired" | "caught-up";

export interface SessionOptions {
  readonly socketId: string;
  readonly connection: TransportConnection;
  readonly api: Api;
  readonly timers: Timers;
  readonly random: () => number;
  readonly channels: Pick<Channels, "cursors" | "seen">;
  readonly delivery: Pick<Delivery, "signal" | "gap" | "message">;
  /** Spread in ms: of all clients, or of those on one channel. */
  spreadMs(channel?: Channel): number;
  onDenied(channel: Channel): void;
  /** A channel is switched off for this viewer. */
  onOff(): void;
  /** The server's contract has no such channel: page and server are of different releases. */
  onInvalid(channel: Channel): void;
  onSignedOut(): void;
  onProgress(progress: Progress): void;
}

/** The state of a session, shared by its functions. */
export interface SessionState extends SessionOptions {
  readonly joins: Set<Join>;
  readonly byWireName: Map<string, Join>;
  isClosed?: boolean;
  isJoinPlanned?: boolean;
  isRepairPlanned?: boolean;
  cancelCatchUp?: () => void;
  /** Whether catch-ups wait for their time after a reconnect. */
  isCatchUpHeld?: boolean;
  /** Plans the requests for channels that are due to be joined or caught up. */
  plan(): void;
}

export function inState({ joins }: SessionState, ...states: readonly JoinState[]): readonly Join[] {
  return [...joins].filter(({ state }) => states.includes(state));
}

/**
 * Begins a request or a wait for these channels. Returns a function that filters out those that were left, that have
 * another join state, or for which another request or wait has begun.
 */
export function begin(
  batch: readonly Join[],
  state: JoinState,
): (expected: JoinState) => readonly Join[] {
  const step = {};
  for (const join of batch) {
    join.state = state;
    join.step = step;
  }
  return (expected) =>
    batch.filter(
      (join) => join.step === step && join.state === expected && join.channel.join === join,
    );
}

export function report({ joins, isClosed, onProgress }: SessionState): void {
  if (isClosed) return;
  const pending = [...joins].filter(
    ({ state, isRetriedOff }) =>
      !isRetriedOff && state !== "live" && state !== "denied" && state !== "off",
  );
  if (pending.some(({ attempts }) => attempts > 0)) onProgress("impaired");
  else onProgress(pending.length > 0 ? "behind" : "caught-up");
}

export function enter(session: SessionState, channel: Channel): Join {
  leave(session, channel);
  const join: Join = { channel, state: "queued", attempts: 0, early: new Map() };
  session.joins.add(join);
  channel.join = join;
  return join;
}

export function leave(session: SessionState, channel: Channel): void {
  if (channel.join === undefined) return;
  session.joins.delete(channel.join);
  unsubscribe(session, channel.join);
  channel.join = undefined;
}

export function subscribe(session: SessionState, join: Join, wireName: string, auth: string): void {
  join.state = "subscribing";
  join.wireName = wireName;
  session.byWireName.set(wireName, join);
  session.connection.subscribe(wireName, auth);
}

export function unsubscribe({ connection, byWireName }: SessionState, join: Join): void {
  if (join.wireName === undefined) return;
  connection.unsubscribe(join.wireName);
  byWireName.delete(join.wireName);
  join.wireName = undefined;
}

/** Joins or catches up these channels after a time. */
export function continueLater(session: SessionState, batch: readonly Join[], waitMs: number): void {
  const still = begin(batch, "waiting");
  session.timers.after(waitMs, () => {
    for (const join of still("waiting")) {
      join.state = join.wireName === undefined ? "queued" : "acknowledged";
    }
    session.plan();
  });
  report(session);
}

/** Retries with back-off. One timer for the whole batch, so that it is retried in one request. */
export function retryLater(session: SessionState, batch: readonly Join[], atLeastMs = 0): void {
  if (batch.length === 0) return;
  const attempt = Math.max(...batch.map(({ attempts }) => attempts));
  for (const join of batch) join.attempts = attempt + 1;
  const backOffMs = fullJitterMs(session.random, attempt, retry, session.spreadMs());
  continueLater(session, batch, atLeastMs + backOffMs);
}

/** The channel has another wire name. The join returns it if the viewer may still read the channel. */
export function changeEpoch(session: SessionState, join: Join): void {
  unsubscribe(session, join);
  const spreadMs = session.spreadMs(join.channel);
  continueLater(session, [join], fullJitterMs(session.random, 0, epochChange, spreadMs));
}

interface ChannelResult {
  readonly channel: string;
  readonly status: string;
  readonly spreadMs?: number | undefined;
}

/**
 * Applies the results to the channels of a batch. Channels without a result, and all channels of a failed
 * request, are retried.
 */
export function settle<Result extends ChannelResult>(
  session: SessionState,
  answer: Answer<readonly Result[]>,
  batch: readonly Join[],
  apply: (join: Join, result: Result) => void,
): void {
  if (session.isClosed) return;
  if (answer.status === "signed-out") {
    session.onSignedOut();
    return;
  }
  const results = answer.status === "ok" ? answer.body : [];
  const byName = new Map(results.map((result) => [result.channel, result]));
  const failed: Join[] = [];
  for (const join of batch) {
    const { channel } = join;
    const result = byName.get(channel.name);
    const status = result?.status ?? "unavailable";
    join.isRetriedOff = false;
    if (status === "denied" || status === "off" || status === "invalid") {
      unsubscribe(session, join);
      join.state = status === "denied" ? "denied" : "off";
      if (status === "denied") session.onDenied(channel);
      else if (status === "off") session.onOff();
      else session.onInvalid(channel);
    } else if (result === undefined || status === "unavailable") failed.push(join);
    else {
      channel.spreadMs = readSpreadMs(result.spreadMs) ?? channel.spreadMs;
      apply(join, result);
    }
  }
  retryLater(session, failed, answer.status === "retry" ? answer.retryAfterMs : 0);
  report(session);
}
