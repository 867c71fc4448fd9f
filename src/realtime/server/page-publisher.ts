import type { Broker, Delivery, LogPage, PoisonedRow } from "./ports.ts";
import { publishApart, type Refused } from "./publish-apart.ts";
import type { RelayEvent } from "./relay-events.ts";

export interface PagePublisher {
  /** @param frames of the page, merged. Rejects only when rows cannot be set aside. */
  publish(page: LogPage, frames: readonly Delivery[]): Promise<PageOutcome>;
}

export type PageOutcome =
  /** Everything that can go out has. The frames are as they went. */
  | { readonly status: "sent"; readonly frames: readonly Delivery[] }
  /** The broker is away, or takes nothing: not the fault of any signal. Read again, and try again. */
  | { readonly status: "failed"; readonly error: unknown }
  /** The broker is well and refuses some frames; the others are out. Read again, and try again. */
  | { readonly status: "refused"; readonly attempt: number };

export interface PagePublisherOptions {
  readonly broker: Broker;
  /** Keeps rows that were refused for the last time, so that the log may move on. */
  readonly setAside: (rows: readonly PoisonedRow[]) => Promise<void>;
  readonly onEvent: (event: RelayEvent) => void;
}

/** Tries before a signal counts as poison. */
const attemptsAtMost = 5;

/**
 * Publishes one page after the other. What the broker refuses for its content holds nobody up: the rest
 * goes out at once, and after five tries the row is set aside and its channel is told "anything may
 * have changed" instead. Within a page nothing that was accepted alone is sent again.
 */
export function createPagePublisher(options: PagePublisherOptions): PagePublisher {
  const { broker, setAside, onEvent } = options;
  /** Of the page at hand. */
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
        // Only a broker that takes a frame without a flaw can tell us that another one has some.
        if (refused.length > 0) await broker.publish([witness]);
      } catch (error) {
        return { status: "failed", error };
      }
      if (refused.length > 0) {
        attempt += 1;
        if (attempt < attemptsAtMost) return { status: "refused", attempt };
        await put(page, refused);
        try {
          // Where not even this can be said the channel's name is wrong, and nobody listens there.
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

/** Nothing is wrong with it, and nobody may join its channel: no contract knows it. */
export const witness: Delivery = {
  channel: "querycast",
  accessEpoch: 0,
  signal: { id: "0", name: "querycast.witness", ids: undefined, origin: undefined },
};

/** A name no contract knows means "this channel changed". It keeps its place in the chain. */
function toAnything({ frame }: Pick<Refused, "frame">): Delivery {
  const { id, last, after } = frame.signal;
  const signal = { id, name: "querycast.changed", ids: undefined, origin: undefined, last, after };
  return { ...frame, signal };
}
