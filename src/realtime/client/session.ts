import type { ChannelPosition, JoinResult } from "../protocol/messages.ts";
import { movedEvent } from "../protocol/moved.ts";
import { decodeSignal, type Signal } from "../protocol/signal.ts";
import type { Answer, Api } from "./api.ts";
import { inBatches } from "./batches.ts";
import type { Timers } from "./clock.ts";
import { fullJitterMs } from "./jitter.ts";
import type { Seen } from "./seen.ts";
import type { TransportConnection } from "./transport.ts";

const joinBatchMs = 15;
const acknowledgeTimeoutMs = 10_000;
/** How long acknowledged channels wait for slower ones, so that they catch up in one request. */
const catchUpBatchMs = 50;
const retry = { firstMs: 1_000, lastMs: 30_000 };
/** How long a frame may arrive after the one behind it before it counts as lost. */
export const reorderMs = 100;
/**
 * The part of the advertised spread over which channels are joined and caught up after a reconnect,
 * each. Connecting has taken the whole of it, but whatever lies between may let all go at once.
 */
const returnShare = 1 / 4;
/** What one reader lost, a thousand others may have lost in the same moment. */
export const repair = { firstMs: 2_000, lastMs: 2_000 };
/** A revocation sends everybody who listens to the route, in one moment. */
const move = { firstMs: 1_000, lastMs: 1_000 };

/**
 * The way of one channel: queued → joining → subscribing → acknowledged → catching-up → live. Any
 * other order has a hole: what is published between the catch-up and the subscription is lost.
 * `waiting` leads back to `queued` or `acknowledged`; `denied` is an end, and so is `off` until it is
 * asked again.
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

/** An acknowledgement in one of these is followed by a catch-up; in the others one is due anyway. */
const hearingPhases: ReadonlySet<ChannelPhase> = new Set(["subscribing", "catching-up", "live"]);

interface Member {
  readonly name: string;
  phase: ChannelPhase;
  wireName: string | undefined;
  /** Failures since it was last live. */
  attempts: number;
  /** Id of the youngest signal that arrived live. */
  last: string | undefined;
  /** Signals that others came after and that never came themselves. */
  missing: string[];
}

/** How the channels of a session are doing, taken together. */
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
  /** Signals that were told of, or that nobody needs to be told of. */
  readonly seen: Pick<Seen, "has" | "add">;
  /** Over how long all clients, or those of one channel, shall spread what they do at once. */
  readonly spread: {
    of(channel?: string): number;
    note(channel: string, spreadMs: unknown): void;
  };
  onSignal(channel: string, signal: Signal): void;
  /** Anything on the channel may have changed. */
  onGap(channel: string): void;
  onDenied(channel: string): void;
  /** It is not live for this viewer, who reads as before. */
  onOff(): void;
  onSignedOut(): void;
  onProgress(progress: Progress): void;
}

/** What lives as long as one connection: the channels joined on it. */
export interface Session {
  join(channel: string): void;
  /** Joins what was joined on the connection before, as many others do now. */
  resume(channels: readonly string[]): void;
  leave(channel: string): void;
  phaseOf(channel: string): ChannelPhase | undefined;
  /** Whether joining or catching up has failed since the channel was last live. */
  isFailing(channel: string): boolean;
  /** Asks again what live channels missed, e.g. after the page slept. Default: all of them. */
  catchUp(channels?: readonly string[]): void;
  /** Where the live channels are, in requests as large as the route accepts. */
  positions(): readonly (readonly ChannelPosition[])[];
  /** Reports progress again. */
  report(): void;
  /** Joins what was answered with `off` anew. */
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
  /** After a reconnect nothing is caught up before. */
  let catchUpFromMs = 0;
  let isClosed = false;

  const inPhase = (...phases: readonly ChannelPhase[]) =>
    [...members.values()].filter((member) => phases.includes(member.phase));

  /** Leaves out who left, or was moved on by something else, while an answer was under way. */
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

  /** Asks what was missed on the channels that have a hole, unless what was missing only came late. */
  const planRepair = () => {
    if (isRepairPlanned) return;
    isRepairPlanned = true;
    const channels = [...members.values()].filter(({ missing }) => missing.length > 0);
    const spreadMs = Math.max(...channels.map(({ name }) => spread.of(name)));
    timers.after(reorderMs + fullJitterMs(random, 0, repair, spreadMs), () => {
      isRepairPlanned = false;
      const live = inPhase("live");
      for (const member of live) {
        if (member.missing.some((id) => !seen.has(member.name, id))) member.phase = "acknowledged";
        member.missing = [];
      }
      if (live.every(({ phase }) => phase === "live")) return;
      planCatchUp();
      report();
    });
  };

  /** One timer for the whole batch: channels that failed together are asked for together. */
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

  /** The channel has another name by now; whether it is still told to us is decided by the join. */
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
   * Applies the results for those of a batch that are still awaited. A channel that is missing in the
   * answer, or a whole request that failed, is retried.
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
      // Whatever was sent before this moment was committed before it, and is answered for.
      member.missing = [];
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
      else if (member.missing.length > 0) planRepair();
    });
  };

  const enter = (name: string): Member => {
    const member: Member = {
      name,
      phase: "queued",
      wireName: undefined,
      attempts: 0,
      last: undefined,
      missing: [],
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
      // Again for one that was live: what was said while the transport opened anew is caught up.
      if (member === undefined || !hearingPhases.has(member.phase)) return;
      member.phase = "acknowledged";
      planCatchUp();
      report();
    },
    subscriptionFailed: (wireName) => {
      const member = byWireName.get(wireName);
      if (member === undefined) return;
      // The signature may be outdated or the wire name changed: a new join tells both.
      unsubscribe(member);
      retryLater([member]);
    },
    event: (wireName, name, data) => {
      const member = byWireName.get(wireName);
      if (member === undefined) return;
      if (name === movedEvent) return rejoin(member);
      const signal = decodeSignal(name, data);
      const { id, after, last = id } = signal;
      // While there is a hole, what arrives late is not the youngest.
      const isNext = member.missing.length === 0 || after === member.last;
      if (isNext && !seen.has(member.name, id)) member.last = last;
      if (after !== undefined && !seen.has(member.name, id) && !seen.has(member.name, after)) {
        member.missing.push(after);
        if (member.phase === "live") planRepair();
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
