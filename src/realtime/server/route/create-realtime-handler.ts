import { contract } from "../../protocol/channel.ts";
import { type Clock, monotonicClock } from "../../protocol/clock.ts";
import type {
  PositionsResponse,
  RealtimeRequest,
  RolloutResponse,
  SignInResponse,
} from "../../protocol/messages.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import type { Ephemeral } from "../ephemeral/create-ephemeral.ts";
import { observer } from "../observer.ts";
import type { Broker, SignalLog } from "../ports.ts";
import { createRollout, type Rollout } from "../rollout/rollout.ts";
import { sessionOf, type Viewer } from "../viewer.ts";
import { type RealtimeAnswer, type RealtimeDecision, toAnswered } from "./answers.ts";
import { type CatchUpAnswer, catchUp } from "./catch-up.ts";
import { createCursorCodec } from "./cursor.ts";
import type { Read, Restrict } from "./decide.ts";
import { guardRequest, originOf } from "./guard-request.ts";
import { join } from "./join.ts";
import { parseMessage } from "./parse-message.ts";
import { positions } from "./positions.ts";
import { createTokenBucket, type RateLimit } from "./rate-limit.ts";
import { readBody } from "./read-body.ts";
import { createRelayAge } from "./relay-age.ts";
import { isRequestError, RequestError } from "./request-error.ts";
import { respond, respondWithError, respondWithResults } from "./respond.ts";
import type { Authority } from "./rules.ts";
import { createSpread } from "./spread.ts";

/** Options of {@link createRealtimeHandler}. */
export interface RealtimeHandlerOptions<V extends Viewer, Tx> {
  /** Channels and their rules: `authorize(channels, rules)`. */
  readonly authority: Authority<V, Tx>;
  /**
   * Returns the viewer of the request's verified session, or null without one (401). When it throws, the
   * response is 503.
   */
  readonly getViewer: (request: Request) => Promise<V | null>;
  /** Runs the rules in a read-only transaction as the viewer. Set a statement timeout in it. */
  readonly read: Read<V, Tx>;
  readonly log: SignalLog;
  /** Replays messages to new subscribers of ephemeral channels. Default: nothing is replayed. */
  readonly ephemeral?: Pick<Ephemeral, "replay">;
  /** Null where no broker is configured: join and sign-in then return 503, catch-up works. */
  readonly broker: Broker | null;
  /** Encrypts cursors. At least 32 characters, the same in all processes. */
  readonly secret: string;
  /** Origins of your pages, e.g. `["https://inkwell.example"]`. Compared exactly, without wildcards. */
  readonly allowedOrigins: readonly string[];
  /** Which kinds and phases are live for which viewers. Default: everything for all viewers. */
  readonly rollout?: Rollout<V>;
  /** Withholds channels that the rules allow, e.g. for bans. Default: withholds nothing. */
  readonly restrict?: Restrict<V>;
  /** Limits requests per session. Default: {@link createTokenBucket}, bursts of 60 and 10 per second. */
  readonly rateLimit?: RateLimit;
  /** Default: the system's. */
  readonly clock?: Clock;
  /**
   * Milliseconds since all committed signals had been delivered, null if they never were. Default: the broker's
   * `relayAgeMs`, which the SSE hub has, otherwise the log's.
   */
  readonly relayAgeMs?: () => Promise<number | null>;
  /** Called at most once a minute while clients send requests and no relay works, with `relayAgeMs`. */
  readonly onRelaySilent?: (relayAgeMs: number | null) => void;
  /** Called with the `Origin` of each request that was refused for it. Rate-limit what you log here. */
  readonly onForeignOrigin?: (origin: string) => void;
  /** Receives the errors behind a 503 and of rules; the client receives only a code. Default: ignored. */
  readonly onError?: (error: unknown) => void;
  /** Called with the outcome of each request before the response is sent. Default: not called. */
  readonly onAnswer?: (answer: RealtimeAnswer) => void;
  /** Called with each decision about a viewer's channels, for an audit log. Default: not called. */
  readonly onDecision?: (decision: RealtimeDecision<V>) => void;
  /** Called with the log's answer to each catch-up, for `createCatchUpRecord`. Default: not called. */
  readonly onCatchUp?: (answers: readonly CatchUpAnswer[]) => void;
}

/** Handles every request of the protocol by POST: join, sign-in, catch-up, positions and rollout. */
export type RealtimeHandler = (request: Request) => Promise<Response>;

/**
 * Creates the handler of the realtime route, for any server that uses `Request` and `Response`. It checks the
 * origin, the session, the rate limit and the message, in this order, and then decides about each channel by
 * rollout, rules and `restrict`.
 *
 * ```ts
 * const handler = createRealtimeHandler({
 *   authority: authorize(channels, rules),
 *   getViewer, read, log, broker, secret,
 *   allowedOrigins: ["https://inkwell.example"],
 * });
 * ```
 *
 * @throws {TypeError} when the secret has fewer than 32 characters.
 */
export function createRealtimeHandler<V extends Viewer, Tx>(
  options: RealtimeHandlerOptions<V, Tx>,
): RealtimeHandler {
  const { allowedOrigins, broker, getViewer, rateLimit = createTokenBucket() } = options;
  const onError = observer(options.onError);
  const report = observer(options.onAnswer, onError);
  const reportForeignOrigin = observer(options.onForeignOrigin, onError);
  const reportDecision = observer(options.onDecision, onError);
  const { clock = monotonicClock, log } = options;
  const spread = createSpread({ broker, clock });
  const relayAgeMs = createRelayAge({
    read: options.relayAgeMs ?? broker?.relayAgeMs ?? log.relayAgeMs,
    clock,
    onSilent: observer(options.onRelaySilent, onError),
    onError,
  });
  const { rollout = createRollout<V>({ channels: { [contract]: options.authority.contract } }) } =
    options;
  const cursors = createCursorCodec(options.secret);
  const onCatchUp = observer(options.onCatchUp, onError);
  const context = { ...options, rollout, onError, spread, cursors, onCatchUp };

  /** Returns the signer for sockets connected with this key, and the current key. */
  const appOf = async (key: string | undefined) => {
    if (broker === null) throw new RequestError("unavailable");
    const apps = await broker.apps?.();
    if (apps === undefined) return { signer: broker, current: undefined };
    const { current, signers } = apps;
    const signer = signers.get(key ?? current);
    if (signer === undefined) throw new RequestError("unknown_key", { key: current });
    return { signer, current };
  };

  const known = async () => ({ spreadMs: spread.spreadMs(), relayAgeMs: await relayAgeMs() });
  const rolloutFor = async (viewer: V, key: string | undefined): Promise<RolloutResponse> => ({
    v: PROTOCOL_VERSION,
    ...(await rollout.current()).liveFor(viewer),
    key: broker === null ? undefined : (await appOf(key)).current,
  });

  const answer = async (viewer: V, message: RealtimeRequest): Promise<Response> => {
    switch (message.type) {
      case "join": {
        const { signer } = await appOf(message.key);
        spread.joined(sessionOf(viewer), message.channels.length);
        const results = await join({ ...context, signer }, viewer, message);
        report({ type: "join", results: toAnswered(options.authority, results) });
        reportDecision({ viewer, type: "join", results });
        // A broker's clients take 403 as the answer to a channel that is not signed.
        return respondWithResults(results, await known(), broker?.isHub === true ? 400 : 403);
      }
      case "sign-in": {
        const { signer } = await appOf(message.key);
        const { auth, userData } = await signer.signUser(message.socketId, viewer.id);
        const body: SignInResponse = { v: PROTOCOL_VERSION, auth, userData };
        report({ type: "sign-in" });
        return respond(200, body);
      }
      case "catch-up": {
        const results = await catchUp(context, viewer, message);
        report({ type: "catch-up", results: toAnswered(options.authority, results) });
        reportDecision({ viewer, type: "catch-up", results });
        return respondWithResults(results, await known(), 400);
      }
      case "positions": {
        const behind = await positions(context, message);
        const body: PositionsResponse = {
          ...(await rolloutFor(viewer, message.key)),
          ...(await known()),
          behind,
        };
        report({ type: "positions", asked: message.channels.length, behind: behind.length });
        return respond(200, body);
      }
      case "rollout": {
        const body = await rolloutFor(viewer, message.key);
        report({ type: "rollout" });
        return respond(200, body);
      }
    }
  };

  return async (request) => {
    try {
      guardRequest(request, allowedOrigins);
      const viewer = await getViewer(request);
      if (viewer === null) throw new RequestError("unauthenticated");
      const waitMs = rateLimit.take(sessionOf(viewer));
      if (waitMs > 0) {
        throw new RequestError("too_many_requests", { retryAfterS: Math.ceil(waitMs / 1000) });
      }
      return await answer(viewer, parseMessage(await readBody(request.body)));
    } catch (error) {
      const refusal = isRequestError(error)
        ? error
        : new RequestError("unavailable", { cause: error });
      if (refusal !== error) onError(error);
      if (refusal.code === "forbidden_origin") reportForeignOrigin(originOf(request));
      report({ type: "refused", code: refusal.code });
      return respondWithError(refusal);
    }
  };
}
