import { fullJitterMs } from "../../protocol/back-off.ts";
import type { Timers } from "../../protocol/clock.ts";
import { epochChangedEvent } from "../../protocol/epoch-changed.ts";
import type { ChannelPosition, JoinResult } from "../../protocol/messages.ts";
import { decodeSignal, type Signal } from "../../protocol/signal.ts";
import type { Answer, Api } from "../api.ts";
import type { TransportConnection } from "../transport.ts";
import { inBatches } from "./batches.ts";
import type { Seen } from "./seen.ts";

const joinBatchMs = 15;
const acknowledgeTimeoutMs = 10_000;
/** How long acknowledged channels wait for others, so that they catch up in one request. */
const catchUpBatchMs = 50;
const retry = { firstMs: 1_000, lastMs: 30_000 };
/** How long a frame may arrive after its successor before it counts as lost. */
export const reorderMs = 100;
/**
 * After a reconnect the join and the catch-up are each spread over this part of the server's spread.
 * Reconnecting was spread already, but a load balancer in between may have let all clients in at once.
 */
const returnShare = 1 / 4;
/** Window of the catch-up after a lost frame: other clients may have lost the same frame. */
export const repair = { firstMs: 2_000, lastMs: 2_000 };
/** Window of the join after a revocation: all clients on the channel join again at the same time. */
const move = { firstMs: 1_000, lastMs: 1_000 };

/**
 * Join state of a channel: queued → joining → subscribing → acknowledged → catching-up → live. The catch-up
 * follows the acknowledgement, because signals published between a catch-up and a later subscription would
 * be lost. `waiting` (for a retry) leads back to `queued` or `acknowledged`. `denied` and `off` are final,
 * until the channel is joined again.
 */
export type ChannelPhase =
  | "queued"
  | "joining"
  | "subscribing"
  | "acknowledged"
  | "catching-up"
  | "live"
  | "waiting"
  | "denied"
  | "off";

/** Join states in which an acknowledgement starts a catch-up. In the others one is due already. */
const caughtUpOnAcknowledge: ReadonlySet<ChannelPhase> = new Set([
  "subscribing",
  "catching-up",
  "live",
]);

interface Member {
  readonly name: string;
  phase: ChannelPhase;
  wireName: string | undefined;
  /** Failures since the channel was last live. */
  attempts: number;
  /** Id of the youngest signal that arrived live. */
  last: string | undefined;
  /** Frames that arrived before their predecessor, or while others were missing: id of the predecessor to their own. */
  readonly early: Map<string, string>;
}

/** `impaired`: a channel waits for a retry. `behind`: a channel is not live yet. `caught-up`: none of these. */
export type Progress = "behind" | "impaired" | "caught-up";

export interface SessionOptions {
  readonly socketId: string;
  readonly connection: TransportConnection;
  readonly api: Api;
  readonly timers: Timers;
  readonly random: () => number;
  readonly cursors: {
    get(channel: string): string | undefined;
    set(channel: string, cursor: string): void;
  };
  /** Signals that were delivered, or are covered by a catch-up. */
  readonly seen: Pick<Seen, "has" | "add">;
  /** Spread in ms: of all clients, or of those on one channel. */
  readonly spread: {
    of(channel?: string): number;
    note(channel: string, spreadMs: unknown): void;
  };
  onSignal(channel: string, signal: Signal): void;
  /** Anything on the channel may have changed. */
  onGap(channel: string): void;
  onDenied(channel: string): void;
  /** A channel is switched off for this viewer. */
  onOff(): void;
  onSignedOut(): void;
  onProgress(progress: Progress): void;
}

/** The channels joined on one connection. A new connection has a new session. */
export interface Session {
  join(channel: string): void;
  /** Joins the channels of the previous connection, spread over time because many clients do so. */
  resume(channels: readonly string[]): void;
  leave(channel: string): void;
  phaseOf(channel: string): ChannelPhase | undefined;
  /** Whether joining or catching up has failed since the channel was last live. */
  isFailing(channel: string): boolean;
  /** Catches up live channels again, e.g. after the page slept. Default: all of them. */
  catchUp(channels?: readonly string[]): void;
  /** Positions of the live channels, in batches that the route accepts. */
  positions(): readonly (readonly ChannelPosition[])[];
  /** Reports progress again. */
  report(): void;
  /** Joins the channels again that were answered with `off`. */
  retryOff(): void;
  subscribed(wireName: string): void;
  subscriptionFailed(wireName: string): void;
  event(wireName: string, name: string, data: unknown): void;
  close(): void;
}

export function createSession(options: SessionOptions): Session {
  const { socketId, connection, api, timers, random, cursors, seen, spread } = options;
  const members = new Map<string, Member>();
  const byWireName = new Map<string, Member>();
  let isJoinPlanned = false;
  let isRepairPlanned = false;
  let cancelCatchUp: (() => void) | undefined;
  /** Earliest time of a catch-up after a reconnect. */
  let catchUpFromMs = 0;
  let isClosed = false;

  const inPhase = (...phases: readonly ChannelPhase[]) =>
    [...members.values()].filter((member) => phases.includes(member.phase));

  /** Filters out channels that were left, or whose join state changed, since the request was sent. */
  const still = (batch: readonly Member[], phase: ChannelPhase) =>
    batch.filter((member) => member.phase === phase && members.get(member.name) === member);

  const report = () => {
    if (isClosed) return;
    const pending = [...members.values()].filter(
      ({ phase }) => phase !== "live" && phase !== "denied" && phase !== "off",
    );
    if (pending.some((member) => member.attempts > 0)) options.onProgress("impaired");
    else options.onProgress(pending.length > 0 ? "behind" : "caught-up");
  };

  const planJoin = () => {
    if (isJoinPlanned) return;
    isJoinPlanned = true;
    timers.after(joinBatchMs, () => {
      isJoinPlanned = false;
      const queued = inBatches(inPhase("queued"), ({ name }) => name.length + 3);
      for (const batch of queued) void join(batch);
    });
  };

  const planCatchUp = () => {
    cancelCatchUp?.();
    const isComplete = inPhase("queued", "joining", "subscribing").length === 0;
    const waitMs = Math.max(isComplete ? 0 : catchUpBatchMs, catchUpFromMs - timers.now());
    cancelCatchUp = timers.after(waitMs, () => {
      cancelCatchUp = undefined;
      const bytesOf = ({ name }: Member) => name.length + (cursors.get(name)?.length ?? 4) + 30;
      for (const batch of inBatches(inPhase("acknowledged"), bytesOf)) void catchUp(batch);
    });
  };

  /** Catches up the channels with missing signals, unless these arrive in the meantime. */
  const planRepair = () => {
    if (isRepairPlanned) return;
    isRepairPlanned = true;
    const channels = [...members.values()].filter(({ early }) => early.size > 0);
    const spreadMs = Math.max(...channels.map(({ name }) => spread.of(name)));
    timers.after(reorderMs + fullJitterMs(random, 0, repair, spreadMs), () => {
      isRepairPlanned = false;
      const live = inPhase("live");
      for (const member of live) {
        const isMissing = (id: string) => !seen.has(member.name, id);
        if ([...member.early.keys()].some(isMissing)) member.phase = "acknowledged";
        member.early.clear();
      }
      if (live.every(({ phase }) => phase === "live")) return;
      planCatchUp();
      report();
    });
  };

  /** One timer for the whole batch, so that it is retried in one request. */
  const retryLater = (batch: readonly Member[], atLeastMs = 0) => {
    if (batch.length === 0) return;
    const attempt = Math.max(...batch.map((member) => member.attempts));
    for (const member of batch) member.attempts = attempt + 1;
    goOnLater(batch, atLeastMs + fullJitterMs(random, attempt, retry, spread.of()));
  };

  const goOnLater = (batch: readonly Member[], waitMs: number) => {
    for (const member of batch) member.phase = "waiting";
    timers.after(waitMs, () => {
      for (const member of still(batch, "waiting")) {
        member.phase = member.wireName === undefined ? "queued" : "acknowledged";
      }
      planJoin();
      planCatchUp();
    });
    report();
  };

  const unsubscribe = (member: Member) => {
    if (member.wireName === undefined) return;
    connection.unsubscribe(member.wireName);
    byWireName.delete(member.wireName);
    member.wireName = undefined;
  };

  /** The channel has another wire name. The join returns it if the viewer may still read the channel. */
  const rejoin = (member: Member) => {
    unsubscribe(member);
    goOnLater([member], fullJitterMs(random, 0, move, spread.of(member.name)));
  };

  const deny = (member: Member) => {
    unsubscribe(member);
    member.phase = "denied";
    options.onDenied(member.name);
  };

  const turnOff = (member: Member) => {
    unsubscribe(member);
    member.phase = "off";
    options.onOff();
  };

  const subscribe = (member: Member, wireName: string, auth: string) => {
    member.phase = "subscribing";
    member.wireName = wireName;
    byWireName.set(wireName, member);
    connection.subscribe(wireName, auth);
  };

  /**
   * Applies the results to the channels of a batch. Channels without a result, and all channels of a failed
   * request, are retried.
   */
  const settle = <Result extends { readonly channel: string; readonly status: string }>(
    answer: Answer<readonly Result[]>,
    batch: readonly Member[],
    apply: (member: Member, result: Result) => void,
  ) => {
    if (isClosed) return;
    if (answer.status === "signed-out") return options.onSignedOut();
    const results = new Map(
      answer.status === "ok" ? answer.body.map((result) => [result.channel, result]) : [],
    );
    const failed: Member[] = [];
    for (const member of batch) {
      const result = results.get(member.name);
      if (result?.status === "denied") deny(member);
      else if (result?.status === "off") turnOff(member);
      else if (result === undefined || result.status === "unavailable") failed.push(member);
      else apply(member, result);
    }
    retryLater(failed, answer.status === "retry" ? answer.retryAfterMs : 0);
    report();
  };

  const join = async (batch: readonly Member[]) => {
    for (const member of batch) member.phase = "joining";
    const answer = await api.join(
      socketId,
      batch.map(({ name }) => name),
    );
    const apply = (member: Member, result: JoinResult) => {
      if (result.status !== "joined") return;
      spread.note(member.name, result.spreadMs);
      subscribe(member, result.wireName, result.auth);
    };
    const joining = still(batch, "joining");
    settle(answer, joining, apply);
    if (isClosed) return;
    timers.after(acknowledgeTimeoutMs, () => {
      const silent = still(joining, "subscribing");
      for (const member of silent) unsubscribe(member);
      retryLater(silent);
    });
  };

  const catchUp = async (batch: readonly Member[]) => {
    for (const member of batch) {
      member.phase = "catching-up";
      // Signals sent before this request were committed before it, so that its response covers them.
      member.early.clear();
    }
    const answer = await api.catchUp(
      batch.map(({ name }) => ({ channel: name, cursor: cursors.get(name) ?? null })),
    );
    settle(answer, still(batch, "catching-up"), (member, result) => {
      if (!("cursor" in result)) return;
      cursors.set(member.name, result.cursor);
      spread.note(member.name, result.spreadMs);
      member.phase = "live";
      member.attempts = 0;
      if (result.status === "gap") options.onGap(member.name);
      for (const { name, data } of result.status === "replay" ? result.signals : []) {
        options.onSignal(member.name, decodeSignal(name, data));
      }
      for (const id of result.recent ?? []) seen.add(member.name, id);
      if ((result.wireName ?? member.wireName) !== member.wireName) rejoin(member);
      else if (member.early.size > 0) planRepair();
    });
  };

  const enter = (name: string): Member => {
    const member: Member = {
      name,
      phase: "queued",
      wireName: undefined,
      attempts: 0,
      last: undefined,
      early: new Map(),
    };
    members.set(name, member);
    return member;
  };

  return {
    join: (name) => {
      enter(name);
      planJoin();
      report();
    },
    resume: (names) => {
      const jitterMs = () => random() * spread.of() * returnShare;
      const joinMs = jitterMs();
      catchUpFromMs = timers.now() + joinMs + jitterMs();
      goOnLater(names.map(enter), joinMs);
    },
    phaseOf: (name) => members.get(name)?.phase,
    isFailing: (name) => (members.get(name)?.attempts ?? 0) > 0,
    leave: (name) => {
      const member = members.get(name);
      if (member === undefined) return;
      members.delete(name);
      unsubscribe(member);
      report();
    },
    catchUp: (names) => {
      for (const member of inPhase("live")) {
        if (names?.includes(member.name) ?? true) member.phase = "acknowledged";
      }
      planCatchUp();
      report();
    },
    positions: () =>
      inBatches(
        inPhase("live").map(({ name, last }) => ({
          channel: name,
          cursor: cursors.get(name) ?? "",
          last,
        })),
        ({ channel, cursor }) => channel.length + cursor.length + 100,
      ),
    report,
    retryOff: () => {
      for (const member of inPhase("off")) member.phase = "queued";
      planJoin();
      report();
    },
    subscribed: (wireName) => {
      const member = byWireName.get(wireName);
      // A repeated acknowledgement: signals may have been missed while the transport reconnected.
      if (member === undefined || !caughtUpOnAcknowledge.has(member.phase)) return;
      member.phase = "acknowledged";
      planCatchUp();
      report();
    },
    subscriptionFailed: (wireName) => {
      const member = byWireName.get(wireName);
      if (member === undefined) return;
      // The signature may have expired or the wire name changed. A new join returns both.
      unsubscribe(member);
      retryLater([member]);
    },
    event: (wireName, name, data) => {
      const member = byWireName.get(wireName);
      if (member === undefined) return;
      if (name === epochChangedEvent) return rejoin(member);
      const signal = decodeSignal(name, data);
      const { id, after, last = id } = signal;
      if (!seen.has(member.name, id)) {
        // While signals are missing, the frame that arrives last is not always the youngest.
        if (member.early.size === 0 || after === member.last) {
          let next: string | undefined = last;
          while (next !== undefined) {
            member.last = next;
            next = member.early.get(next);
            // Each link is followed once, so that forged links in a circle end.
            member.early.delete(member.last);
          }
        }
        if (after !== undefined && !(member.early.size === 0 && seen.has(member.name, after))) {
          member.early.set(after, last);
          if (member.phase === "live") planRepair();
        }
      }
      options.onSignal(member.name, signal);
    },
    close: () => {
      isClosed = true;
      timers.clear();
      api.close();
    },
  };
}
