import type { ReplayedMessage } from "../../protocol/ephemeral/message.ts";
import type {
  CatchUpResult,
  ErrorCode,
  JoinResult,
  RealtimeRequest,
} from "../../protocol/messages.ts";
import type { LiveFor } from "../../protocol/rollout.ts";
import type { Signal } from "../../protocol/signal.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import { toWireName } from "../../protocol/wire-name.ts";
import { defaultApp, signChannel, signUserData } from "./fake-app.ts";
import { createFakeLog } from "./fake-log.ts";

/** The route in memory, with a log. Pass its `fetch` to a client. */
export interface FakeRoute {
  readonly fetch: typeof fetch;
  /** Every request, in order. */
  readonly requests: readonly RealtimeRequest[];
  /** Requests of one type. */
  of<Type extends RealtimeRequest["type"]>(
    type: Type,
  ): readonly Extract<RealtimeRequest, { type: Type }>[];
  /** Appends to the log without a delivery by the broker. */
  append(channel: string, signal: Signal): void;
  /** Invalidates all cursors, as a restored database does, or those of a channel. */
  forget(channel?: string): void;
  /** Makes the channel ephemeral, with these messages as its replay. */
  keep(channel: string, messages: readonly ReplayedMessage[]): void;
  deny(channel: string): void;
  /** Ends `deny`. */
  allow(channel: string): void;
  /** Answers `invalid` for the channel, as for a name outside the contract, or no longer. */
  disown(channel: string, isDisowned?: boolean): void;
  /** Answers `unavailable` for the channel this many times. */
  failChannel(channel: string, times: number): void;
  /** Fails whole requests with a status, or by a network error. Undefined ends it. */
  failWith(failure: Failure | undefined): void;
  /** Adds a spread to every response, for all clients and for each channel. */
  spread(ms: number): void;
  /** Changes the wire name of the channel, as a revocation does. */
  raiseEpoch(channel: string): void;
  wireName(channel: string): string;
  /** Sets the answer to `rollout` and `positions`. Default: nothing is on. */
  setLive(live: LiveFor): void;
  /** Sets the keys of the site's broker apps, the current one first. Default: none. */
  setKeys(keys: readonly string[]): void;
  /** Answers `off` for this channel, or no longer. */
  turnOff(channel: string, isOff?: boolean): void;
  /** Adds the age of the relay to every response. Default: none. */
  setRelayAge(ms: number | undefined): void;
}

/** Without a `code` the response is not of the protocol, like the HTML page of a proxy. */
type Failure =
  | "network"
  | {
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly code?: ErrorCode;
    };

export function createFakeRoute(): FakeRoute {
  const requests: RealtimeRequest[] = [];
  const log = createFakeLog();
  const kept = new Map<string, readonly ReplayedMessage[]>();
  const denied = new Set<string>();
  const disowned = new Set<string>();
  const off = new Set<string>();
  const failures = new Map<string, number>();
  const epochs = new Map<string, number>();
  let failure: Failure | undefined;
  let spreadMs: number | undefined;
  let live: LiveFor = { kinds: [], phases: [] };
  let keys: readonly string[] = [];
  let relayAgeMs: number | undefined;

  const wireName = (channel: string) => toWireName(channel, epochs.get(channel) ?? 0);

  const refusal = (channel: string) => {
    if (off.has(channel)) return { channel, status: "off" } as const;
    if (denied.has(channel)) return { channel, status: "denied" } as const;
    if (disowned.has(channel)) return { channel, status: "invalid" } as const;
    const left = failures.get(channel) ?? 0;
    if (left === 0) return undefined;
    failures.set(channel, left - 1);
    return { channel, status: "unavailable" } as const;
  };

  const join = (channel: string, socketId: string): JoinResult =>
    refusal(channel) ?? {
      channel,
      status: "joined",
      wireName: wireName(channel),
      auth: signChannel(defaultApp, socketId, wireName(channel)),
      spreadMs,
    };

  const catchUp = (channel: string, cursor: string | null): CatchUpResult => {
    const refused = refusal(channel);
    if (refused !== undefined) return refused;
    const messages = kept.get(channel);
    if (messages !== undefined) {
      return { channel, status: "messages", wireName: wireName(channel), messages, spreadMs };
    }
    return { channel, wireName: wireName(channel), spreadMs, ...log.since(channel, cursor) };
  };

  const answer = (request: RealtimeRequest) => {
    switch (request.type) {
      case "join":
        return { results: request.channels.map((channel) => join(channel, request.socketId)) };
      case "sign-in": {
        const userData = '{"id":"fake"}';
        return { auth: signUserData(defaultApp, request.socketId, userData), userData };
      }
      case "catch-up":
        return { results: request.channels.map(({ channel, cursor }) => catchUp(channel, cursor)) };
      case "positions": {
        const behind = request.channels.filter(log.isBehind).map(({ channel }) => channel);
        return { ...live, key: keys[0], behind };
      }
      case "rollout":
        return { ...live, key: keys[0] };
    }
  };

  return {
    fetch: async (_url, init) => {
      const request = JSON.parse(String(init?.body)) as RealtimeRequest;
      requests.push(request);
      if (failure === "network") throw new TypeError("fetch failed");
      const [key = undefined] = keys;
      if ("key" in request && request.key !== undefined && key !== undefined) {
        const gone = { v: PROTOCOL_VERSION, error: "unknown_key", key };
        if (!keys.includes(request.key)) return fakeResponse(409, {}, gone);
      }
      const { status, headers } = failure ?? { status: 200, headers: {} };
      const body =
        failure === undefined
          ? { v: PROTOCOL_VERSION, ...answer(request), spreadMs, relayAgeMs }
          : failure.code && { v: PROTOCOL_VERSION, error: failure.code };
      return fakeResponse(status, headers, body);
    },
    requests,
    of: (type) => requests.filter((request) => request.type === type) as never,
    append: log.append,
    forget: log.forget,
    keep: (channel, messages) => kept.set(channel, messages),
    deny: (channel) => denied.add(channel),
    allow: (channel) => void denied.delete(channel),
    disown: (channel, isDisowned = true) =>
      void (isDisowned ? disowned.add(channel) : disowned.delete(channel)),
    failChannel: (channel, times) => failures.set(channel, times),
    failWith: (next) => {
      failure = next;
    },
    spread: (ms) => {
      spreadMs = ms;
    },
    raiseEpoch: (channel) => epochs.set(channel, (epochs.get(channel) ?? 0) + 1),
    wireName,
    setLive: (next) => {
      live = next;
    },
    setKeys: (next) => {
      keys = next;
    },
    turnOff: (channel, isOff = true) => {
      if (isOff) off.add(channel);
      else off.delete(channel);
    },
    setRelayAge: (ms) => {
      relayAgeMs = ms;
    },
  };
}

/** A response whose body resolves in a microtask. A real one needs turns of the event loop. */
function fakeResponse(
  status: number,
  headers: Record<string, string> | undefined,
  body: unknown,
): Response {
  const response = new Response(null, { status, headers: headers ?? {} });
  const json = async () => {
    if (body === undefined) throw new SyntaxError("Unexpected token '<'");
    return body;
  };
  return Object.assign(response, { json });
}
