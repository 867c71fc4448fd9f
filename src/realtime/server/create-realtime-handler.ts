import { contract } from "../protocol/channel.ts";
import type {
  PositionsResponse,
  RealtimeRequest,
  RolloutResponse,
  SignInResponse,
} from "../protocol/messages.ts";
import { PROTOCOL_VERSION } from "../protocol/version.ts";
import { type RealtimeAnswer, type RealtimeDecision, toAnswered } from "./answers.ts";
import { createAudience } from "./audience.ts";
import { type CatchUpAnswer, catchUp } from "./catch-up.ts";
import { systemClock } from "./clock.ts";
import { createCursorCodec } from "./cursor.ts";
import type { Read, Restrict } from "./decide.ts";
import { guardRequest, originOf } from "./guard-request.ts";
import { join } from "./join.ts";
import { parseMessage } from "./parse-message.ts";
import type { Broker, Clock, SignalLog } from "./ports.ts";
import { positions } from "./positions.ts";
import { createTokenBucket, type RateLimit } from "./rate-limit.ts";
import { readBody } from "./read-body.ts";
import { createRelayAge } from "./relay-age.ts";
import { isRequestError, RequestError } from "./request-error.ts";
import { respond, respondWithError, respondWithResults } from "./respond.ts";
import { createRollout, type Rollout } from "./rollout.ts";
import type { Authority } from "./rules.ts";
import type { Viewer } from "./viewer.ts";

export interface RealtimeHandlerOptions<V extends Viewer, Tx> {
  /** Registry and rules: `authorize(channels, rules)`. */
  readonly authority: Authority<V, Tx>;
  /**
   * Whoever sent the request, by a verified session and nothing else; null without one. Throwing is
   * answered with 503.
   */
  readonly getViewer: (request: Request) => Promise<V | null>;
  /** Opens the viewer's read-only transaction, with a statement time-out. */
  readonly read: Read<V, Tx>;
  readonly log: SignalLog;
  /** Null where no broker is configured: joining then answers 503, catch-up works. */
  readonly broker: Broker | null;
  /** Encrypts cursors. At least 32 characters. */
  readonly secret: string;
  /** Origins of your pages, e.g. `["https://inkwell.example"]`, compared as a whole. */
  readonly allowedOrigins: readonly string[];
  /** What is switched on, and for whom. Default: everything, for everybody. */
  readonly rollout?: Rollout<V>;
  /** Bans and audiences: narrows what the rules allow. Default: nothing is kept from anybody. */
  readonly restrict?: Restrict<V>;
  /** Per session. Default: bursts of 60, 10 a second, in memory. */
  readonly rateLimit?: RateLimit;
  /** Default: the system's. */
  readonly clock?: Clock;
  /**
   * Milliseconds since signals were last known to be delivered, null if they never were. Default: what the
   * hub knows of its own process, or else what the log knows of its relay.
   */
  readonly relayAgeMs?: () => Promise<number | null>;
  /** Called at most once a minute while a client asks and no relay works, with what `relayAgeMs` said. */
  readonly onRelaySilent?: (relayAgeMs: number | null) => void;
  /** Called with the `Origin` of each request that was refused for it. Rate-limit what you write for it. */
  readonly onForeignOrigin?: (origin: string) => void;
  /** Hears whole errors; the client never does. Default: nobody. */
  readonly onError?: (error: unknown) => void;
  /** Hears what each request was told, before it is sent. Default: nobody. */
  readonly onAnswer?: (answer: RealtimeAnswer) => void;
  /** Hears who was told what about which channels: for an audit log. Default: nobody. */
  readonly onDecision?: (decision: RealtimeDecision<V>) => void;
  /** Hears what the log answered about which channels: for `createCatchUpRecord`. Default: nobody. */
  readonly onCatchUp?: (answers: readonly CatchUpAnswer[]) => void;
}

/** The one route: join, sign-in and catch-up, all by POST. */
export type RealtimeHandler = (request: Request) => Promise<Response>;

/** @throws {TypeError} when the secret is too short. */
export function createRealtimeHandler<V extends Viewer, Tx>(
  options: RealtimeHandlerOptions<V, Tx>,
): RealtimeHandler {
  const { allowedOrigins, broker, getViewer, rateLimit = createTokenBucket() } = options;
  const onError = options.onError ?? (() => {});
  /** Whoever counts answers does not change them. */
  const telling =
    <Told>(listener: ((told: Told) => void) | undefined) =>
    (told: Told) => {
      try {
        listener?.(told);
      } catch (error) {
        onError(error);
      }
    };
  const tell = telling(options.onAnswer);
  const tellForeignOrigin = telling(options.onForeignOrigin);
  const tellDecision = telling(options.onDecision);
  const { clock = systemClock, log } = options;
  const audience = createAudience({ broker, clock });
  const relayAgeMs = createRelayAge({
    read: options.relayAgeMs ?? broker?.relayAgeMs ?? log.relayAgeMs,
    clock,
    onSilent: options.onRelaySilent ?? (() => {}),
    onError,
  });
  const { rollout = createRollout<V>({ channels: { [contract]: options.authority.contract } }) } =
    options;
  const cursors = createCursorCodec(options.secret);
  const onCatchUp = telling(options.onCatchUp);
  const context = { ...options, rollout, onError, audience, cursors, onCatchUp };

  /** What signs for sockets that are connected with this key, and which key is the current one. */
  const appOf = async (key: string | undefined) => {
    if (broker === null) throw new RequestError("unavailable");
    const apps = await broker.apps?.();
    if (apps === undefined) return { signer: broker, current: undefined };
    const { current, signers } = apps;
    const signer = signers.get(key ?? current);
    if (signer === undefined) throw new RequestError("unknown_key", { key: current });
    return { signer, current };
  };

  const known = async () => ({ spreadMs: audience.spreadMs(), relayAgeMs: await relayAgeMs() });
  const rolloutFor = async (viewer: V, key: string | undefined): Promise<RolloutResponse> => ({
    v: PROTOCOL_VERSION,
    ...(await rollout.current()).liveFor(viewer),
    key: broker === null ? undefined : (await appOf(key)).current,
  });

  const answer = async (viewer: V, message: RealtimeRequest): Promise<Response> => {
    switch (message.type) {
      case "join": {
        const { signer } = await appOf(message.key);
        audience.asked(viewer.sessionId ?? viewer.id, message.channels.length);
        const results = await join({ ...context, signer }, viewer, message);
        tell({ type: "join", results: toAnswered(options.authority, results) });
        tellDecision({ viewer, type: "join", results });
        return respondWithResults(results, await known());
      }
      case "sign-in": {
        const { signer } = await appOf(message.key);
        const { auth, userData } = await signer.signUser(message.socketId, viewer.id);
        const body: SignInResponse = { v: PROTOCOL_VERSION, auth, userData };
        tell({ type: "sign-in" });
        return respond(200, body);
      }
      case "catch-up": {
        const results = await catchUp(context, viewer, message);
        tell({ type: "catch-up", results: toAnswered(options.authority, results) });
        tellDecision({ viewer, type: "catch-up", results });
        return respondWithResults(results, await known());
      }
      case "positions": {
        const behind = await positions(context, message);
        const body: PositionsResponse = {
          ...(await rolloutFor(viewer, message.key)),
          ...(await known()),
          behind,
        };
        tell({ type: "positions", asked: message.channels.length, behind: behind.length });
        return respond(200, body);
      }
      case "rollout": {
        const body = await rolloutFor(viewer, message.key);
        tell({ type: "rollout" });
        return respond(200, body);
      }
    }
  };

  return async (request) => {
    try {
      guardRequest(request, allowedOrigins);
      const viewer = await getViewer(request);
      if (viewer === null) throw new RequestError("unauthenticated");
      const waitMs = rateLimit.take(viewer.sessionId ?? viewer.id);
      if (waitMs > 0) {
        throw new RequestError("too_many_requests", { retryAfterS: Math.ceil(waitMs / 1000) });
      }
      return await answer(viewer, parseMessage(await readBody(request)));
    } catch (error) {
      const refusal = isRequestError(error)
        ? error
        : new RequestError("unavailable", { cause: error });
      if (refusal !== error) onError(error);
      if (refusal.code === "forbidden_origin") tellForeignOrigin(originOf(request));
      tell({ type: "refused", code: refusal.code });
      return respondWithError(refusal);
    }
  };
}
