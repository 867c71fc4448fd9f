import type { Broker, Delivery, LogPage, PoisonedRow } from "../ports.ts";
import { publishApart, type Refused } from "./publish-apart.ts";
import type { RelayEvent } from "./relay-events.ts";

export interface PagePublisher {
  /**
   * Rejects only when rows cannot be set aside.
   *
   * @param frames the merged signals of the page.
   */
  publish(page: LogPage, frames: readonly Delivery[]): Promise<PageOutcome>;
}

export type PageOutcome =
  /** The broker has accepted these frames. */
  | { readonly status: "sent"; readonly frames: readonly Delivery[] }
  /** The broker is unreachable or accepts no frame. Read the page again and retry. */
  | { readonly status: "failed"; readonly error: unknown }
  /** The broker refuses some frames for their content and has accepted the others. Read again and retry. */
  | { readonly status: "refused"; readonly attempt: number };

export interface PagePublisherOptions {
  readonly broker: Broker;
  /** Stores rows that were refused for the last time, so that the position can advance. */
  readonly setAside: (rows: readonly PoisonedRow[]) => Promise<void>;
  readonly onEvent: (event: RelayEvent) => void;
}

/** Attempts before a signal is set aside. */
const attemptsAtMost = 5;

/**
 * Publishes one page after another. A frame refused for its content does not delay the others. After five
 * attempts its rows are set aside, and its channel receives a frame that makes clients refetch everything bound to
 * the channel. Frames of the page that the broker has accepted are not sent again.
 */
export function createPagePublisher(options: PagePublisherOptions): PagePublisher {
  const { broker, setAside, onEvent } = options;
  /** Accepted frames of the current page. */
  let accepted = new Map<string, Delivery>();
  let attempt = 0;

  const publishNew = (frames: readonly Delivery[]) =>
    publishApart(
      broker,
      frames.filter((frame) => !accepted.has(frameKey(frame))),
      (taken) => {
        for (const frame of taken) accepted.set(frameKey(frame), frame);
      },
    );

  const put = async (page: LogPage, refused: readonly Refused[]) => {
    const rows = refused.flatMap(({ frame, error }) =>
      page.deliveries
        .filter((each) => isPartOf(each, frame) && each.row !== undefined)
        .map(({ row = "" }) => ({ row, reason: error.message, attempts: attempt })),
    );
    await setAside(rows);
    for (const { frame, error } of refused) {
      const { channel, signal } = frame;
      onEvent({ type: "set-aside", channel, name: signal.name, attempts: attempt, error });
    }
  };

  return {
    publish: async (page, frames) => {
      let refused: readonly Refused[];
      try {
        refused = await publishNew(frames);
        // A refusal counts only if the broker accepts a valid frame: otherwise the broker is at fault.
        if (refused.length > 0) await broker.publish([probeFrame]);
      } catch (error) {
        return { status: "failed", error };
      }
      if (refused.length > 0) {
        attempt += 1;
        if (attempt < attemptsAtMost) return { status: "refused", attempt };
        await put(page, refused);
        try {
          // Refused again: the channel name is invalid, so the channel has no subscribers.
          await publishNew(refused.map(toAnything));
        } catch (error) {
          return { status: "failed", error };
        }
      }
      const sent = frames.flatMap(
        (frame) =>
          accepted.get(frameKey(frame)) ?? accepted.get(frameKey(toAnything({ frame }))) ?? [],
      );
      accepted = new Map();
      attempt = 0;
      return { status: "sent", frames: sent };
    },
  };
}

const frameKey = ({ channel, accessEpoch, signal }: Delivery) =>
  `${channel} ${accessEpoch} ${signal.name} ${signal.id}`;

const isPartOf = ({ channel, accessEpoch, signal }: Delivery, frame: Delivery) =>
  channel === frame.channel &&
  accessEpoch === frame.accessEpoch &&
  signal.name === frame.signal.name;

/** A valid frame on a channel that is in no contract, so no client can join it. */
export const probeFrame: Delivery = {
  channel: "querycast",
  accessEpoch: 0,
  signal: { id: "0", name: "querycast.probe", ids: undefined, origin: undefined },
};

/** Clients treat an unknown signal name as "anything on this channel may have changed". Keeps the predecessor link. */
function toAnything({ frame }: Pick<Refused, "frame">): Delivery {
  const { id, last, after } = frame.signal;
  const signal = { id, name: "querycast.changed", ids: undefined, origin: undefined, last, after };
  return { ...frame, signal };
}
