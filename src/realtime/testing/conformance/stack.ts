import type { Transport } from "../../client/transport.ts";
import { type ChannelRef, channel, defineChannels } from "../../protocol/channel.ts";
import type { Clock } from "../../protocol/clock.ts";
import { ids } from "../../protocol/ids.ts";
import type { OutgoingSignal } from "../../protocol/signal.ts";
import type { Broker } from "../../server/ports.ts";
import type { Viewer } from "../../server/viewer.ts";

/** The contract of the scenarios. The rule of a stack returns the access set by {@link ConformanceStack.newRoom}. */
export const conformanceChannels = defineChannels({
  room: channel("room.{roomId}").signal("message.posted", ids("messageId")).signal("topic.changed"),
});

/** A channel of the scenarios. */
export type Room = ReturnType<typeof conformanceChannels.room>;
/** Which viewers may read a room. `author`: only the viewer `{ id: "author" }`. `unavailable`: its rule throws. */
export type Access = "allowed" | "author" | "denied" | "unavailable";
/** The content of a room. */
export interface Content {
  readonly revision: number;
}

/** The network between pages and the broker, with fault injection. */
export interface ConformanceLine {
  /** Closes the open connections. */
  cut(): void;
  /** Closes the open connections and refuses new ones. */
  refuse(): Promise<void>;
  /** Stops data in both directions without closing connections. */
  freeze(): void;
  /** Stops data from the broker to pages without closing connections. */
  silence(): void;
  /** Loses the next event on its way to pages. Connections stay open, and later events arrive. */
  lose(send: () => Promise<void>): Promise<void>;
  /** Ends all faults for new connections. Closes those that `silence` has stopped. */
  heal(): Promise<void>;
  /** Number of open connections. */
  sockets(): number;
  /** Time in ms within which a client detects a silent broker. */
  readonly silenceMs: number;
  /** Time in ms within which a client reconnects after `heal`. Default 10,000. */
  readonly returnMs?: number;
}

/**
 * What the conformance scenarios run on: a server with rules, log, relay and broker, a transport to it, and
 * controls for faults. Every scenario gets a new stack.
 */
export interface ConformanceStack {
  /** Makes a page's transport over the line. Default viewer: `{ id: "reader" }`. Null: without a session. */
  transport(viewer?: Viewer | null): Transport;
  /** A `fetch` that calls the route as this viewer. Null: without a session. */
  fetch(viewer: Viewer | null): typeof fetch;
  readonly line: ConformanceLine;
  /** The broker as the server uses it. Scenarios sign with it. */
  readonly broker: Broker;
  /** The time of the stack: fake or real. */
  readonly clock: Clock;
  /** Makes a new room. Default: `allowed`. */
  newRoom(access?: Access): Promise<Room>;
  setAccess(room: Room, access: Access): Promise<void>;
  /** Commits signals in one transaction. With `revoked` it also increments that channel's access epoch. */
  commit(signals: readonly OutgoingSignal[], revoked?: ChannelRef): Promise<void>;
  /** Writes the content of a room and commits signals in one transaction. The first revision is 0. */
  write(room: Room, revision: number, signals: readonly OutgoingSignal[]): Promise<void>;
  /** Reads the content of a room as this viewer. Null when the viewer may not read it. */
  read(room: Room, viewer: Viewer): Promise<Content | null>;
  /** Makes the broker deliver any event, e.g. a malformed one. */
  forge(wireName: string, name: string, data: string): Promise<void>;
  /** Replaces the log by another one, as a restore does. */
  restoreLog(): Promise<void>;
  /**
   * Resolves when the condition holds.
   *
   * @throws {Error} with `what` in its message, when it does not hold within `withinMs` of the stack's time.
   * Default 10,000.
   */
  until(what: string, condition: () => boolean, withinMs?: number): Promise<void>;
  /** Closes everything that the stack has opened. */
  close(): Promise<void>;
}

/** A promise as a test. */
export interface ConformanceScenario {
  /** Title for the test. It starts with the numbers of the promises that the scenario proves. */
  readonly title: string;
  /** Rejects when the promise is broken. */
  run(stack: ConformanceStack): Promise<void>;
  /** Timeout in ms for a stack in real time. */
  readonly timeoutMs: number;
}
