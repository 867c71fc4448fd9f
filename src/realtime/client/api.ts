import { type Clock, createTimers } from "../protocol/clock.ts";
import { limits } from "../protocol/limits.ts";
import type {
  CatchUpRequest,
  CatchUpResult,
  ChannelPosition,
  ErrorCode,
  JoinResult,
  RealtimeRequest,
  SignInResponse,
} from "../protocol/messages.ts";
import type { LiveFor } from "../protocol/rollout.ts";
import { PROTOCOL_VERSION } from "../protocol/version.ts";

export const requestTimeoutMs = 10_000;
/** Upper bound for `Retry-After`, so that a wrong value cannot stop a page for long. */
const longestRetryAfterMs = 5 * 60_000;

/** The result of a request. */
export type Answer<Body> =
  | { readonly status: "ok"; readonly body: Body }
  /** The route answered `unauthenticated`. Final. */
  | { readonly status: "signed-out" }
  /**
   * Everything else: network errors, refused requests, and responses that do not follow the protocol,
   * of any status. The latter come from a firewall, a proxy or a login page and must not change
   * channels or the session.
   */
  | { readonly status: "retry"; readonly retryAfterMs: number };

/** What is on for the viewer, and the channels on which signals were missed. */
export type Positions = LiveFor & { readonly behind: readonly string[] };

/** Typed requests to the route. Methods never reject. */
export interface Api {
  join(socketId: string, channels: readonly string[]): Promise<Answer<readonly JoinResult[]>>;
  signIn(socketId: string): Promise<Answer<SignInResponse>>;
  catchUp(channels: CatchUpRequest["channels"]): Promise<Answer<readonly CatchUpResult[]>>;
  rollout(): Promise<Answer<LiveFor>>;
  positions(channels: readonly ChannelPosition[]): Promise<Answer<Positions>>;
  /** Aborts pending requests. */
  close(): void;
}

/** What responses have besides their results. */
export interface ApiEvents {
  /** Called with the spread of a response: see {@link Spread}. */
  onSpread(spreadMs: number): void;
  /** Called with the relay age of a response: see {@link RelayAge}. */
  onRelayAge(relayAgeMs: number): void;
  /** Called when a request was refused as a whole. `code` is undefined if the response is not of the protocol. */
  onRefused(code: ErrorCode | undefined, httpStatus: number): void;
  /**
   * Called with the key of the broker app to connect to.
   *
   * @param retired the key of the request, if the site no longer uses its app
   */
  onKey(key: string, retired: string | undefined): void;
}

export interface ApiOptions extends ApiEvents {
  readonly endpoint: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** Public key of the broker app whose socket is open, if any. */
  key(): string | undefined;
}

type Unversioned<Request> = Request extends unknown ? Omit<Request, "v"> : never;
type Request = Unversioned<RealtimeRequest>;
type Fields = Record<string, unknown>;

export function createApi(options: ApiOptions): Api {
  const { endpoint, fetch, clock } = options;
  const timers = createTimers(clock);
  const underWay = new Set<AbortController>();

  const post = async <Body>(
    request: Request,
    read: (body: Fields) => Body | undefined,
  ): Promise<Answer<Body>> => {
    // One controller per request: AbortSignal.any leaks memory on long-lived signals.
    const controller = new AbortController();
    const cancelTimeout = timers.after(requestTimeoutMs, () => controller.abort());
    underWay.add(controller);
    try {
      const response = await fetch(endpoint, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ v: PROTOCOL_VERSION, ...request }),
        credentials: "same-origin",
        // The route never redirects. A redirect leads to a login page or another host.
        redirect: "manual",
        signal: controller.signal,
      });
      // The status does not matter: 403 and 503 may have results per channel, too.
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
      post({ type: "join", socketId, key: options.key(), channels }, readResults<JoinResult>),
    signIn: (socketId) =>
      post({ type: "sign-in", socketId, key: options.key() }, (body) =>
        typeof body.auth === "string" && typeof body.userData === "string"
          ? { v: PROTOCOL_VERSION, auth: body.auth, userData: body.userData }
          : undefined,
      ),
    catchUp: (channels) => post({ type: "catch-up", channels }, readResults<CatchUpResult>),
    rollout: () => post({ type: "rollout", key: options.key() }, readLive),
    positions: (channels) =>
      post({ type: "positions", key: options.key(), channels }, (body) => {
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

/** Checks only that each result names its channel: the rest is trusted, since it comes from our server. */
function readResults<Result>(body: Fields): readonly Result[] | undefined {
  return Array.isArray(body.results)
    ? body.results.filter((result) => isFields(result) && typeof result.channel === "string")
    : undefined;
}

/** Clamps a received spread, so that a wrong value cannot stop a page for long. */
export function readSpreadMs(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 ? Math.min(value, limits.spreadMs) : undefined;
}

/** Parses `Retry-After`, which is a number of seconds or a date. */
function parseRetryAfterMs(value: string | null, nowMs: number): number {
  if (value === null) return 0;
  const seconds = Number(value);
  const ms = Number.isNaN(seconds) ? Date.parse(value) - nowMs : seconds * 1000;
  return Math.min(Math.max(ms || 0, 0), longestRetryAfterMs);
}
