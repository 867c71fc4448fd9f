import { fullJitterMs } from "../../protocol/back-off.ts";
import type { Clock } from "../../protocol/clock.ts";
import type { Session } from "../channels/session.ts";
import type { Disconnection, TransportConnection, TransportHandlers } from "../transport.ts";

/** Short, so that clients are back within seconds after the broker. `spreadMs` widens it for many clients. */
const reconnect = { firstMs: 500, lastMs: 4_000 };
/** After a refusal, e.g. an unknown app or an exceeded quota, which takes longer to fix. */
const refused = { firstMs: 16_000, lastMs: 20_000 };
/** For connections that end soon after the handshake, e.g. with a wrong secret. */
const endedEarly = { firstMs: 500, lastMs: 60_000 };
const connectTimeoutMs = 10_000;
/** Short, because a user is looking at the page that has just resumed. */
const pingTimeoutMs = 3_000;
/** A connection that lasted this long resets the back-off. */
const stableMs = 10_000;

export interface ConnectorOptions {
  connect(handlers: TransportHandlers): TransportConnection;
  readonly clock: Clock;
  readonly random: () => number;
  /** Lower bound of the back-off window in ms, by the number of clients. */
  spreadMs(): number;
  createSession(connection: TransportConnection, socketId: string): Session;
  /** Called with the session of a new connection. */
  onConnected(session: Session): void;
  onLost(why: Disconnection): void;
}

/** Keeps one connection open. Makes one attempt at a time, with full jitter between attempts, without limit. */
export interface Connector {
  open(): void;
  /** The session of the open connection. */
  session(): Session | undefined;
  /** Shortens the wait for the next attempt: the network is back, or the tab is visible again. */
  retrySoon(): void;
  /** Pings the broker. Without an answer the socket is dropped and another one opened at once. */
  check(): void;
  /** Closes the open connection and opens another one. */
  renew(): void;
  close(): void;
}

export function createConnector(options: ConnectorOptions): Connector {
  const { clock, random } = options;
  /** Failures to connect since the last stable connection. */
  let attempts = 0;
  /** Connections in a row that ended before they were stable. */
  let earlyEnds = 0;
  let session: Session | undefined;
  let endAttempt: (() => void) | undefined;
  let cancelRetry: (() => void) | undefined;
  let check = () => {};
  let renew = () => {};

  const attempt = () => {
    cancelRetry = undefined;
    let cancelCheck: (() => void) | undefined;
    let isOver = false;
    let isStable = false;
    const end = () => {
      isOver = true;
      check = () => {};
      renew = () => {};
      cancelTimer();
      cancelCheck?.();
      session?.close();
      session = undefined;
      connection.close();
      endAttempt = undefined;
    };
    const fail = (why: Disconnection, isThisPageOnly = false) => {
      if (isOver) return;
      const isEarly = session !== undefined && !isStable && why.reason === "lost";
      end();
      options.onLost(why);
      if (why.reason === "signed-out") return;
      if (why.reason === "ended") attempts = 0;
      const [failures, window] = isEarly
        ? [earlyEnds++, endedEarly]
        : [attempts, why.reason === "refused" ? refused : reconnect];
      attempts += 1;
      const waitMs = isThisPageOnly
        ? 0
        : fullJitterMs(random, failures, window, options.spreadMs());
      cancelRetry = clock.after(waitMs, attempt);
    };
    let cancelTimer = clock.after(connectTimeoutMs, () =>
      fail({ reason: "lost", message: `No connection within ${connectTimeoutMs / 1000} s.` }),
    );
    const connection = options.connect({
      connected: (socketId) => {
        if (isOver) return;
        cancelTimer();
        cancelTimer = clock.after(stableMs, () => {
          isStable = true;
          attempts = 0;
          earlyEnds = 0;
        });
        session = options.createSession(connection, socketId);
        renew = () => fail({ reason: "moved", message: "The app was retired." });
        check = () => {
          if (cancelCheck !== undefined) return;
          const message = `The broker does not answer within ${pingTimeoutMs / 1000} s.`;
          // Reconnects without jitter: only this page was asleep.
          cancelCheck = clock.after(pingTimeoutMs, () => fail({ reason: "lost", message }, true));
          connection.ping(() => {
            cancelCheck?.();
            cancelCheck = undefined;
          });
        };
        options.onConnected(session);
      },
      disconnected: (why) => fail(why),
      subscribed: (wireName) => session?.subscribed(wireName),
      subscriptionFailed: (wireName) => session?.subscriptionFailed(wireName),
      event: (...event) => session?.event(...event),
    });
    endAttempt = end;
  };

  return {
    open: () => {
      if (endAttempt === undefined && cancelRetry === undefined) attempt();
    },
    retrySoon: () => {
      if (cancelRetry === undefined) return;
      cancelRetry();
      attempts = 0;
      // With jitter: an office's clients get their network back at the same time.
      cancelRetry = clock.after(fullJitterMs(random, 0, reconnect), attempt);
    },
    session: () => session,
    check: () => check(),
    renew: () => renew(),
    close: () => {
      cancelRetry?.();
      cancelRetry = undefined;
      endAttempt?.();
      attempts = 0;
    },
  };
}
