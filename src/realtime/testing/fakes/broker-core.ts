import { limits } from "../../protocol/limits.ts";
import { type FakeApp, isSame, signChannel, signUserData } from "./fake-app.ts";

/** One message of the Pusher protocol: https://pusher.com/docs/channels/library_auth_reference/pusher-websockets-protocol/ */
export interface Frame {
  readonly event: string;
  readonly channel?: string;
  readonly data?: unknown;
}

/** The client of a socket. */
export interface Peer {
  receive(frame: Frame): void;
  /** The socket was closed. Code 1006: the connection broke without a close frame. */
  closed(code: number, message: string): void;
}

/** A socket of the fake broker. */
export interface FakeSocket {
  readonly id: string;
  /** Wire names. */
  readonly subscriptions: ReadonlySet<string>;
  readonly isSignedIn: boolean;
  /** Undefined before the sign-in. */
  readonly userId: string | undefined;
}

/** Operations of a client on its socket. */
export interface SocketEnd {
  send(frame: unknown): void;
  close(): void;
}

interface Socket extends FakeSocket {
  readonly peer: Peer;
  readonly subscriptions: Set<string>;
  isSignedIn: boolean;
  userId: string | undefined;
  /** Frames are dropped in both directions, without a close. */
  isHalfOpen: boolean;
}

/** The broker's side of the Pusher protocol, without a transport. */
export interface BrokerCore {
  readonly sockets: ReadonlySet<FakeSocket>;
  /** Every subscribe and unsubscribe, in order, e.g. `+private-user.1.e0`. */
  readonly log: readonly string[];
  /** Number of sockets so far, including refused ones. */
  attempts(): number;
  /** Opens a socket. The caller calls `welcome` when its transport is ready. */
  open(peer: Peer): SocketEnd & { welcome(): void; refuse(code: number, message: string): void };
  /** Number of subscribers by channel. */
  countSubscriptions(): ReadonlyMap<string, number>;
  /** Delivers an event to every subscriber. */
  deliver(wireName: string, name: string, data: unknown): void;
  /** Closes the sockets of a user, or all without a user. */
  closeSockets(code: number, message: string, userId?: string): void;
  readonly faults: {
    /** Close code and message for new connections. Undefined: they are accepted. */
    refusal: { readonly code: number; readonly message: string } | undefined;
    isMute: boolean;
    readonly rejected: Set<string>;
    freeze(): void;
    thaw(): void;
    halfOpen(): void;
  };
}

const channelPattern = new RegExp(
  `^private-(?!encrypted-|cache-)[A-Za-z0-9_\\-=@,;.]{1,${limits.wireNameLength - "private-".length}}$`,
);

/** The faults of a broker, and `carry`, which passes a frame in either direction with them. */
function createFaults(sockets: ReadonlySet<Socket>) {
  /** Frames of both directions that wait for `thaw`. Undefined while not frozen. */
  let frozen: (() => void)[] | undefined;

  const faults: BrokerCore["faults"] = {
    refusal: undefined,
    isMute: false,
    rejected: new Set(),
    freeze: () => {
      frozen ??= [];
    },
    thaw: () => {
      const late = frozen ?? [];
      frozen = undefined;
      for (const run of late) run();
    },
    halfOpen: () => {
      for (const socket of sockets) socket.isHalfOpen = true;
    },
  };

  const carry = (socket: Socket, run: () => void) => {
    if (socket.isHalfOpen) return;
    if (frozen !== undefined) return void frozen.push(() => carry(socket, run));
    if (sockets.has(socket)) run();
  };
  return { faults, carry };
}

export function createBrokerCore(app: FakeApp): BrokerCore {
  const sockets = new Set<Socket>();
  const log: string[] = [];
  let attempts = 0;
  const { faults, carry } = createFaults(sockets);
  const send = (socket: Socket, frame: Frame) => carry(socket, () => socket.peer.receive(frame));
  const end = (socket: Socket, code: number, message: string) => {
    if (sockets.delete(socket)) socket.peer.closed(code, message);
  };
  const fail = (socket: Socket, code: number, message: string) => {
    send(socket, { event: "pusher:error", data: { code, message } });
    carry(socket, () => end(socket, code, message));
  };

  const subscribe = (socket: Socket, channel: string, auth: unknown) => {
    log.push(`+${channel}`);
    if (faults.isMute) return;
    const isSigned = typeof auth === "string" && isSame(auth, signChannel(app, socket.id, channel));
    if (faults.rejected.delete(channel) || !isSigned) {
      const data = { type: "AuthError", error: "The connection is unauthorized.", status: 401 };
      return send(socket, { event: "pusher:subscription_error", channel, data });
    }
    socket.subscriptions.add(channel);
    send(socket, { event: "pusher_internal:subscription_succeeded", channel, data: "{}" });
  };

  const signIn = (socket: Socket, { auth, user_data: userData }: Fields) => {
    const isSigned =
      typeof auth === "string" &&
      typeof userData === "string" &&
      isSame(auth, signUserData(app, socket.id, userData));
    if (!isSigned) return fail(socket, 4009, "Connection not authorized.");
    socket.isSignedIn = true;
    socket.userId = userIdOf(userData);
    send(socket, { event: "pusher:signin_success", data: JSON.stringify({ user_data: userData }) });
  };

  const handle = (socket: Socket, frame: unknown) => {
    const { event, data } = fields(frame);
    const { channel, ...rest } = fields(data);
    if (event === "pusher:ping") return send(socket, { event: "pusher:pong", data: {} });
    if (event === "pusher:pong") return;
    if (event === "pusher:signin") return signIn(socket, rest);
    const isChannel = typeof channel === "string" && channelPattern.test(channel);
    if (event === "pusher:subscribe" && isChannel) return subscribe(socket, channel, rest.auth);
    if (event === "pusher:unsubscribe" && isChannel) {
      log.push(`-${channel}`);
      socket.subscriptions.delete(channel);
      return;
    }
    fail(socket, 4301, "The frame is malformed or its channel invalid.");
  };

  return {
    sockets,
    log,
    faults,
    attempts: () => attempts,
    open: (peer) => {
      attempts += 1;
      const socket: Socket = {
        id: `1.${attempts}`,
        peer,
        subscriptions: new Set(),
        isSignedIn: false,
        userId: undefined,
        isHalfOpen: false,
      };
      sockets.add(socket);
      return {
        welcome: () => {
          if (faults.refusal) return end(socket, faults.refusal.code, faults.refusal.message);
          if (faults.isMute) return;
          const data = JSON.stringify({ socket_id: socket.id, activity_timeout: 120 });
          send(socket, { event: "pusher:connection_established", data });
        },
        refuse: (code, message) => fail(socket, code, message),
        send: (frame) => carry(socket, () => handle(socket, frame)),
        close: () => sockets.delete(socket),
      };
    },
    countSubscriptions: () => {
      const counts = new Map<string, number>();
      for (const { subscriptions } of sockets) {
        for (const name of subscriptions) counts.set(name, (counts.get(name) ?? 0) + 1);
      }
      return counts;
    },
    deliver: (wireName, name, data) => {
      for (const socket of [...sockets]) {
        if (!socket.subscriptions.has(wireName)) continue;
        send(socket, { event: name, channel: wireName, data });
      }
    },
    closeSockets: (code, message, userId) => {
      for (const socket of [...sockets]) {
        if (userId === undefined || socket.userId === userId) end(socket, code, message);
      }
    },
  };
}

type Fields = Readonly<Record<string, unknown>>;

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function userIdOf(userData: string): string | undefined {
  try {
    const { id } = fields(JSON.parse(userData));
    return typeof id === "string" ? id : undefined;
  } catch {
    return undefined;
  }
}
