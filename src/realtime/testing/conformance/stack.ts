import type { Clock } from "../../client/clock.ts";
import type { Transport } from "../../client/transport.ts";
import { type ChannelRef, channel, defineChannels } from "../../protocol/channel.ts";
import { ids } from "../../protocol/ids.ts";
import type { OutgoingSignal } from "../../protocol/signal.ts";
import type { Broker } from "../../server/ports.ts";
import type { Viewer } from "../../server/viewer.ts";

/** The contract the scenarios speak; a stack's rules decide about rooms as {@link ConformanceStack.newRoom} said. */
export const conformanceChannels = defineChannels({
  room: channel("room.{roomId}").signal("message.posted", ids("messageId")).signal("topic.changed"),
});

export type Room = ReturnType<typeof conformanceChannels.room>;
/** What the rule of a room says to everybody. */
export type Access = "allowed" | "denied" | "unavailable";

/** The line between pages and the broker. */
export interface ConformanceLine {
  /** Ends the connections that are open. */
  cut(): void;
  /** Ends them, and lets no new one up. */
  refuse(): Promise<void>;
  /** Nothing passes and nothing closes. */
  freeze(): void;
  /** What the broker says no longer arrives, and nothing closes. */
  deafen(): void;
  /** The next event is lost on its way to the pages; nothing closes, and what follows arrives. */
  lose(send: () => Promise<void>): Promise<void>;
  /** All is well again for connections to come; those that were deaf are cut. */
  heal(): Promise<void>;
  /** Connections open now. */
  sockets(): number;
  /** A broker that falls silent is noticed within it. */
  readonly silenceMs: number;
  /** A broker that can be reached again is connected with within it. Default 10 s. */
  readonly returnMs?: number;
}

/**
 * One way of delivery with everything behind it, from the rules and the log to the transport, and a way
 * to break each: what the conformance scenarios run on. Every scenario gets a stack of its own.
 */
export interface ConformanceStack {
  /** A transport as a page has it, through the line. Default: of `{ id: "reader" }`; null has no session. */
  transport(viewer?: Viewer | null): Transport;
  /** The route as this viewer's browser reaches it; null has no session. */
  fetch(viewer: Viewer | null): typeof fetch;
  readonly line: ConformanceLine;
  /** The server's side of the broker, for signatures. */
  readonly broker: Broker;
  readonly clock: Clock;
  /** A room nobody else uses. */
  newRoom(access?: Access): Promise<Room>;
  setAccess(room: Room, access: Access): Promise<void>;
  /** Commits signals in one transaction, and takes rights away in it. */
  commit(signals: readonly OutgoingSignal[], revoked?: ChannelRef): Promise<void>;
  /** Has the broker deliver what no relay would. */
  forge(wireName: string, name: string, data: string): Promise<void>;
  /** Replaces the log by another, as a restore does. */
  restoreLog(): Promise<void>;
  /**
   * Resolves once the condition holds, by the stack's own time.
   *
   * @throws naming `what` when it does not hold within `withinMs`, by default 10 s.
   */
  until(what: string, condition: () => boolean, withinMs?: number): Promise<void>;
  /** Leaves nothing open. */
  close(): Promise<void>;
}

/** One promise, and how it is put to the test. `run` rejects when it is broken. */
export interface ConformanceScenario {
  /** A sentence, the numbers of what it proves first. */
  readonly title: string;
  run(stack: ConformanceStack): Promise<void>;
  /** How long it may take on a stack in real time. */
  readonly timeoutMs: number;
}
