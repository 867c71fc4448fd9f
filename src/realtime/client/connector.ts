import type { Clock } from "./clock.ts";
import { fullJitterMs } from "./jitter.ts";
import type { Session } from "./session.ts";
import type { Disconnection, TransportConnection, TransportHandlers } from "./transport.ts";

/** Whoever waits for a broker is back within seconds of it; how wide a crowd spreads is the server's to say. */
const reconnect = { firstMs: 500, lastMs: 4_000 };
/** A refusal (unknown app, over quota) does not heal in a second. */
const refused = { firstMs: 16_000, lastMs: 20_000 };
/** A connection that ends soon after its handshake: a wrong secret, a server that drops its sockets. */
const endedEarly = { firstMs: 500, lastMs: 60_000 };
const connectTimeoutMs = 10_000;
/** Shorter than anybody looks at a page that has just woken up and does not move. */
const pingTimeoutMs = 3_000;
/** A connection that lived this long starts the back-off anew; one that dies at once does not. */
const stableMs = 10_000;

export interface ConnectorOptions {
  connect(handlers: TransportHandlers): TransportConnection;
  readonly clock: Clock;
  readonly random: () => number;
  /** Over how long a crowd that lost its broker comes back. */
  spreadMs(): number;
  /** Opens what lives as long as one connection. */
  openSession(connection: TransportConnection, socketId: string): Session;
  onLost(why: Disconnection): void;
}

/** Keeps one connection up: one attempt at a time, full jitter between them, for ever. */
export interface Connector {
  open(): void;
  /** Stops waiting for the next attempt: the network is back, or the tab is looked at again. */
  retrySoon(): void;
  /** Has the broker answer, now: a socket that stays silent is dropped, and another opened at once. */
  check(): void;
  /** Gives up the connection that is open and seeks another. */
  renew(): void;
  close(): void;
}

export function createConnector(options: ConnectorOptions): Connector {
  const { clock, random } = options;
  /** Failures to connect since the last stable connection. */
  let attempts = 0;
  /** Connections in a row that ended before they were stable. */
  let earlyEnds = 0;
  let endAttempt: (() => void) | undefined;
  let cancelRetry: (() => void) | undefined;
  let check = () => {};
  let renew = () => {};

  const attempt = () => {
    cancelRetry = undefined;
    let session: Session | undefined;
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
      connection.close();
      endAttempt = undefined;
    };
    const fail = (why: Disconnection, isNoticedAlone = false) => {
      if (isOver) return;
      end();
      options.onLost(why);
      if (why.reason === "signed-out") return;
      if (why.reason === "ended") attempts = 0;
      const isEarly = session !== undefined && !isStable && why.reason === "lost";
      let [attemptsBefore, window] = [attempts, why.reason === "refused" ? refused : reconnect];
      if (isEarly) [attemptsBefore, window] = [earlyEnds, endedEarly];
      const waitMs = isNoticedAlone
        ? 0
        : fullJitterMs(random, attemptsBefore, window, options.spreadMs());
      attempts += 1;
      if (isEarly) earlyEnds += 1;
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
        session = options.openSession(connection, socketId);
        renew = () => fail({ reason: "moved", message: "The app was retired." });
        check = () => {
          if (cancelCheck !== undefined) return;
          const message = `The broker does not answer within ${pingTimeoutMs / 1000} s.`;
          // No crowd comes with it: this page alone has slept.
          cancelCheck = clock.after(pingTimeoutMs, () => fail({ reason: "lost", message }, true));
          connection.ping(() => {
            cancelCheck?.();
            cancelCheck = undefined;
          });
        };
      },
      disconnected: (why) => fail(why),
      subscribed: (wireName) => session?.subscribed(wireName),
      subscriptionFailed: (wireName) => session?.subscriptionFailed(wireName),
      event: (wireName, name, data) => session?.event(wireName, name, data),
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
      // Still jittered: an office gets its network back in one instant.
      cancelRetry = clock.after(fullJitterMs(random, 0, reconnect), attempt);
    },
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
