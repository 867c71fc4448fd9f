import { limits } from "../protocol/limits.ts";
import type {
  CatchUpRequest,
  CatchUpResult,
  ChannelPosition,
  ErrorCode,
  JoinRequest,
  JoinResult,
  PositionsRequest,
  RolloutRequest,
  SignInRequest,
  SignInResponse,
} from "../protocol/messages.ts";
import type { LiveFor } from "../protocol/rollout.ts";
import { PROTOCOL_VERSION } from "../protocol/version.ts";
import { type Clock, createTimers } from "./clock.ts";

export const requestTimeoutMs = 10_000;
/** A server may ask for patience, not for silence. */
const longestRetryAfterMs = 5 * 60_000;

/** What one request came to. */
export type Answer<Body> =
  | { readonly status: "ok"; readonly body: Body }
  /** The route has answered `unauthenticated`. Final. */
  | { readonly status: "signed-out" }
  /**
   * Everything else: network errors, refusals, and any answer that is not of this protocol, whatever its
   * status. A firewall, a proxy or a login page decides neither about channels nor about the session.
   */
  | { readonly status: "retry"; readonly retryAfterMs: number };

/** What is switched on, and the channels on which something was missed. */
export type Positions = LiveFor & { readonly behind: readonly string[] };

/** The one route, as the client sees it. */
export interface Api {
  join(socketId: string, channels: readonly string[]): Promise<Answer<readonly JoinResult[]>>;
  signIn(socketId: string): Promise<Answer<SignInResponse>>;
  catchUp(channels: CatchUpRequest["channels"]): Promise<Answer<readonly CatchUpResult[]>>;
  rollout(): Promise<Answer<LiveFor>>;
  positions(channels: readonly ChannelPosition[]): Promise<Answer<Positions>>;
  /** Aborts what is under way. */
  close(): void;
}

export interface ApiOptions {
  readonly endpoint: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** The server says how large the crowd is. */
  onSpread(spreadMs: number): void;
  /** Milliseconds since the relay had delivered everything. */
  onRelayAge(relayAgeMs: number): void;
  /** A request was refused as a whole. Undefined: by an answer that is not of this protocol. */
  onRefused(code: ErrorCode | undefined, httpStatus: number): void;
  /** Of the app whose socket is open, if any. */
  key(): string | undefined;
  /**
   * The server names the app to connect with.
   *
   * @param retired the one that was asked for, when its sockets are no longer served
   */
  onKey(key: string, retired: string | undefined): void;
}

type Request = JoinRequest | SignInRequest | CatchUpRequest | PositionsRequest | RolloutRequest;
type Fields = Record<string, unknown>;

export function createApi(options: ApiOptions): Api {
  const { endpoint, fetch, clock } = options;
  const timers = createTimers(clock);
  const underWay = new Set<AbortController>();

  const post = async <Body>(
    request: Request,
    read: (body: Fields) => Body | undefined,
  ): Promise<Answer<Body>> => {
    // One controller per request, composed by hand: AbortSignal.any leaks on long-lived signals.
    const controller = new AbortController();
    const cancelTimeout = timers.after(requestTimeoutMs, () => controller.abort());
    underWay.add(controller);
    try {
      const response = await fetch(endpoint, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(request),
        credentials: "same-origin",
        // A redirect leads to a login page or another host, never to this route.
        redirect: "manual",
        signal: controller.signal,
      });
      // 403 and 503 carry results too, when the request was understood and channels differ.
      const json: unknown = await response.json().catch(() => undefined);
      const fields = isFields(json) && json.v === PROTOCOL_VERSION ? json : {};
      if (fields.error === "unauthenticated") return { status: "signed-out" };
      const spreadMs = readSpreadMs(fields.spreadMs);
      if (spreadMs !== undefined) options.onSpread(spreadMs);
      if (typeof fields.key === "string" && "key" in request) {
        options.onKey(fields.key, response.status === 409 ? request.key : undefined);
      }
      if (typeof fields.relayAgeMs === "number") options.onRelayAge(fields.relayAgeMs);
      const body = read(fields);
      if (body !== undefined) return { status: "ok", body };
      options.onRefused(fields.error as ErrorCode | undefined, response.status);
      const retryAfter = response.headers.get("retry-after");
      return { status: "retry", retryAfterMs: parseRetryAfterMs(retryAfter, clock.now()) };
    } catch {
      return { status: "retry", retryAfterMs: 0 };
    } finally {
      cancelTimeout();
      underWay.delete(controller);
    }
  };

  return {
    join: (socketId, channels) =>
      post(
        { v: PROTOCOL_VERSION, type: "join", socketId, key: options.key(), channels },
        readResults<JoinResult>,
      ),
    signIn: (socketId) =>
      post({ v: PROTOCOL_VERSION, type: "sign-in", socketId, key: options.key() }, (body) =>
        typeof body.auth === "string" && typeof body.userData === "string"
          ? { v: PROTOCOL_VERSION, auth: body.auth, userData: body.userData }
          : undefined,
      ),
    catchUp: (channels) =>
      post({ v: PROTOCOL_VERSION, type: "catch-up", channels }, readResults<CatchUpResult>),
    rollout: () => post({ v: PROTOCOL_VERSION, type: "rollout", key: options.key() }, readLive),
    positions: (channels) =>
      post({ v: PROTOCOL_VERSION, type: "positions", key: options.key(), channels }, (body) => {
        const live = readLive(body);
        return live && Array.isArray(body.behind) ? { ...live, behind: body.behind } : undefined;
      }),
    close: () => {
      timers.clear();
      for (const controller of underWay) controller.abort();
    },
  };
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

function readLive({ kinds, phases }: Fields): LiveFor | undefined {
  return Array.isArray(kinds) && Array.isArray(phases) ? { kinds, phases } : undefined;
}

/** The server is ours; what is checked is that each result says which channel it is about. */
function readResults<Result>(body: Fields): readonly Result[] | undefined {
  return Array.isArray(body.results)
    ? body.results.filter((result) => isFields(result) && typeof result.channel === "string")
    : undefined;
}

/** Whatever a server, or who poses as one, asks for: nobody is sent away for long. */
export function readSpreadMs(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 ? Math.min(value, limits.spreadMs) : undefined;
}

/** `Retry-After` is seconds or a date. */
function parseRetryAfterMs(value: string | null, nowMs: number): number {
  if (value === null) return 0;
  const seconds = Number(value);
  const ms = Number.isNaN(seconds) ? Date.parse(value) - nowMs : seconds * 1000;
  return Math.min(Math.max(ms || 0, 0), longestRetryAfterMs);
}
